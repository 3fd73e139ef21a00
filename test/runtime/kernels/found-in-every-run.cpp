// Practice kernels whose defect every schedule shows are found in a plain run; repaired they are silent.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The kernels that need a certain schedule wait for the search of interleavings.
//
// RUN: %cxx %S/../../kernels/cockroach_35073.cpp -o %t.cockroach_35073
// RUN: sh -c 'timeout 20 %t.cockroach_35073 2>%t.err; test $? = 23'
// RUN: grep 'cockroach_35073.cpp:15$' %t.err && grep 'see: sluice explain unreceived-send$' %t.err
// RUN: %cxx %S/../../kernels/cockroach_35073.cpp -o %t.repaired.cockroach_35073 -DREPAIRED
// RUN: sh -c 'for i in 1 2 3 4 5; do timeout 20 %t.repaired.cockroach_35073 || exit 1; done' 2>&1 | count 0
//
// RUN: %cxx %S/../../kernels/etcd_10492.cpp -o %t.etcd_10492
// RUN: sh -c 'timeout 20 %t.etcd_10492 2>%t.err; test $? = 23'
// RUN: grep 'etcd_10492.cpp:24$' %t.err && grep 'see: sluice explain double-lock$' %t.err
// RUN: %cxx %S/../../kernels/etcd_10492.cpp -o %t.repaired.etcd_10492 -DREPAIRED
// RUN: sh -c 'for i in 1 2 3 4 5; do timeout 20 %t.repaired.etcd_10492 || exit 1; done' 2>&1 | count 0
//
// RUN: %cxx %S/../../kernels/grpc_1424.cpp -o %t.grpc_1424
// RUN: sh -c 'timeout 20 %t.grpc_1424 2>%t.err; test $? = 23'
// RUN: grep 'grpc_1424.cpp:54$' %t.err && grep 'see: sluice explain starved-receive$' %t.err
// RUN: %cxx %S/../../kernels/grpc_1424.cpp -o %t.repaired.grpc_1424 -DREPAIRED
// RUN: sh -c 'for i in 1 2 3 4 5; do timeout 20 %t.repaired.grpc_1424 || exit 1; done' 2>&1 | count 0
//
// RUN: %cxx %S/../../kernels/hugo_5379.cpp -o %t.hugo_5379
// RUN: sh -c 'timeout 20 %t.hugo_5379 2>%t.err; test $? = 23'
// RUN: grep 'hugo_5379.cpp:59$' %t.err && grep 'see: sluice explain double-lock$' %t.err
// RUN: %cxx %S/../../kernels/hugo_5379.cpp -o %t.repaired.hugo_5379 -DREPAIRED
// RUN: sh -c 'for i in 1 2 3 4 5; do timeout 20 %t.repaired.hugo_5379 || exit 1; done' 2>&1 | count 0
