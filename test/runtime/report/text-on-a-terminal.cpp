// Colour and broken lines are for terminals; what is piped is plain and can be searched by line.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a sanitizer says would stand in between.
// UNSUPPORTED: tsan
// REQUIRES: script
// RUN: %cxx %s -o %t
// RUN: env -u NO_COLOR script -qec 'stty cols 50; exec %t' /dev/null > %t.tty || true
// RUN: tr -d '\r' < %t.tty | FileCheck --check-prefixes=COLOUR %s
// RUN: env NO_COLOR=1 script -qec 'stty cols 50; exec %t' /dev/null > %t.tty || true
// RUN: tr -d '\r' < %t.tty | FileCheck --check-prefixes=PLAIN,NARROW %s
// RUN: not %t 2>&1 | FileCheck --check-prefixes=PLAIN,WIDE %s
// RUN: sh -c 'SLUICE_OPTIONS=verbosity=1 %t 2>%t.full; test $? = 23'
// RUN: FileCheck --check-prefix=FULL %s < %t.full
// RUN: sed -n 's/^  suppress: //p' %t.full > %t.supp
// RUN: env SLUICE_OPTIONS=suppressions=%t.supp %t 2>&1 | count 0
#include <sluice/sluice.hpp>

#include <string>

static void leak(std::string) {
  sluice::chan<std::string> words;
  sluice::go([=] { words.send("one"); });
}

int main() {
  sluice::run([] {
    for (int i = 0; i < 1000; ++i)
      leak("");
  });
}
// COLOUR: {{^}}==[[#]]== sluice: {{.}}[1;31m{{[0-9]+}} tasks can never finish{{.}}[0m
// COLOUR: {{^.}}[1mleak{{.}}[0m ({{[0-9]+}} times), started at
// PLAIN-NOT: {{\[[0-9;]*m}}
// PLAIN: {{^}}==[[#]]== sluice: {{[0-9]+}} tasks can never finish
// PLAIN: {{^}}leak ({{[0-9]+}} times), started at
// PLAIN: #0 leak(...)::{lambda}   {{.*}}.cpp:22
// PLAIN-NOT: #1
// PLAIN: on a chan<std::string>, unbuffered, made at
// WIDE: why: no live task or thread holds the channel any more, so nothing can receive
// NARROW: {{^}}  why: no live task or thread holds the channel{{$}}
// NARROW-NEXT: {{^}}       any more, so nothing can receive{{$}}
// PLAIN: fix:
// PLAIN: see: sluice explain unreceived-send
// PLAIN: SUMMARY: sluice: 1000 leaked, 0 unfinished, 0 deadlocks
// FULL: {{#[0-9]+}} sluice::
// FULL: suppress: leak:leak
