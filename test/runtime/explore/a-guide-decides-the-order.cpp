// A guide puts the steps that it names in its order, whatever the seed, and says what is wrong in it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: awk '/[/][/] step/ {print $NF, "lane" $NF, FILENAME ":" FNR}' %s | sort -n | cut -d' ' -f2- > %t.guide
// RUN: sh -c 'for seed in 1 2 3 4 5 6 7 8 9 10; do SLUICE_OPTIONS=explore=guided:guide=%t.guide:seed=$seed timeout 20 %t || exit 1; done' | sort -u | FileCheck --check-prefix=GUIDED %s
// A step that is no operation is passed over.
// RUN: (echo 'lane1 nowhere.cpp:7'; cat %t.guide) > %t.more
// RUN: sh -c 'for seed in 1 2 3 4 5; do SLUICE_OPTIONS=explore=guided:guide=%t.more:seed=$seed timeout 20 %t || exit 1; done' | sort -u | FileCheck --check-prefix=GUIDED %s
// What it did can be replayed without it.
// RUN: env SLUICE_OPTIONS=explore=guided:guide=%t.guide:seed=3:format=json:log_path=%t.json timeout 20 %t
// RUN: python3 -c "import json,glob,sys; r=json.load(open(glob.glob(sys.argv[1]+'.json.*')[0])); assert r['guided_steps'] == 3, r; print(r['schedule'])" %t > %t.schedule
// RUN: rm -f %t.json.*
// RUN: sh -c 'SLUICE_OPTIONS=explore=replay:schedule=$(cat %t.schedule) timeout 20 %t' | FileCheck --check-prefix=GUIDED %s
// Without debug information it is a random walk.
// RUN: %cxx -g0 %s -o %t.bare
// RUN: sh -c 'for seed in $(seq 40); do SLUICE_OPTIONS=explore=guided:guide=%t.guide:seed=$seed timeout 20 %t.bare || exit 1; done' | sort -u | FileCheck --check-prefix=RANDOM %s
// RUN: sh -c 'SLUICE_OPTIONS=explore=guided %t; test $? = 2' 2>&1 | FileCheck --check-prefix=NONE %s
// RUN: sh -c 'SLUICE_OPTIONS=guide=%t.none %t; test $? = 2' 2>&1 | FileCheck --check-prefix=ABSENT %s
// RUN: (echo '# a comment'; echo 'a b.cpp:3-2') > %t.wrong
// RUN: sh -c 'SLUICE_OPTIONS=guide=%t.wrong %t; test $? = 2' 2>&1 | FileCheck --check-prefix=WRONG %s
// RUN: echo '# a comment' > %t.empty
// RUN: sh -c 'SLUICE_OPTIONS=guide=%t.empty %t; test $? = 2' 2>&1 | FileCheck --check-prefix=EMPTY %s
#include <sluice/sluice.hpp>

#include <cstdio>
#include <mutex>
#include <string>

int main() {
  sluice::run([] {
    std::string order;
    sluice::mutex mu;
    sluice::wait_group left;
    left.add(3);
    sluice::go([&] {
      sluice::yield();
      std::unique_lock hold(mu); // step 2
      order += "a";
      hold.unlock();
      left.done();
    });
    sluice::go([&] {
      std::unique_lock hold(mu); // step 3
      order += "b";
      hold.unlock();
      left.done();
    });
    sluice::go([&] {
      sluice::yield();
      sluice::yield();
      std::unique_lock hold(mu); // step 1
      order += "c";
      hold.unlock();
      left.done();
    });
    left.wait();
    std::puts(order.c_str());
  });
}
// GUIDED: cab
// GUIDED-NOT: {{.}}
// RANDOM: abc
// RANDOM: cba
// NONE: SLUICE_OPTIONS: explore=guided needs a guide: 'guide=FILE'
// ABSENT: SLUICE_OPTIONS: cannot read the guide '{{.*}}.none': No such file or directory
// WRONG: SLUICE_OPTIONS: the guide '{{.*}}.wrong': line 2 is no step: 'LANE FILE:LINE' is one
// EMPTY: SLUICE_OPTIONS: the guide '{{.*}}.empty': it has no steps
