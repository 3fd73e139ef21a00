// A report as a profile: equal tasks are one sample with their number, labels and the user's frames.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: rm -rf %t.dir && mkdir %t.dir
// RUN: sh -c 'SLUICE_OPTIONS=format=pprof:log_path=%t.dir/profile %t; test $? = 23'
// RUN: mv %t.dir/profile.* %t.profile
// RUN: python3 %S/Inputs/print_profile.py %t.profile | FileCheck %s
// RUN: sh -c 'SLUICE_OPTIONS=format=pprof %t 2>%t.profile; test $? = 23'
// RUN: python3 %S/Inputs/print_profile.py %t.profile | FileCheck %s
// RUN: %if go %{ env HOME=%t.dir go tool pprof -raw %t.profile 2>%t.err | FileCheck --check-prefix=GO %s %}
#include <sluice/sluice.hpp>

static void wait_for_more(const sluice::chan<int> &c) { c.recv(); }

static void listen() {
  sluice::chan<int> orders(sluice::named("orders"));
  sluice::go("listener", [orders] { wait_for_more(orders); });
}

static void send_to_nobody() {
  sluice::chan<int> c;
  sluice::go([c] { c.send(1); });
}

int main() {
  sluice::run([] {
    listen();
    for (int i = 0; i < 3; ++i)
      send_to_nobody();
  });
}
// CHECK: tasks/count waiting/milliseconds
// CHECK-DAG: sample 1 {{[0-9]+}} check=starved-receive on=orders operation=recv primitive=chan task=listener verdict=leak
// CHECK-DAG: wait_for_more(...) {{.*}}profile-of-leaks.cpp:13
// CHECK-DAG: listen()::{lambda} {{.*}}profile-of-leaks.cpp:17
// CHECK-DAG: listen() {{.*}}profile-of-leaks.cpp:17
// CHECK-DAG: sample 3 {{[0-9]+}} check=unreceived-send operation=send primitive=chan verdict=leak
// CHECK-DAG: send_to_nobody()::{lambda} {{.*}}profile-of-leaks.cpp:22
// GO: tasks/count[dflt] waiting/milliseconds
// GO-DAG: check:[starved-receive] on:[orders] operation:[recv] primitive:[chan] task:[listener] verdict:[leak]
// GO-DAG: wait_for_more(...) {{.*}}profile-of-leaks.cpp:13
