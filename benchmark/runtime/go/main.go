// The workloads in Go; GOMAXPROCS says how many threads run them. Prints what one workload measured as JSON.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// The same as in measure.hpp.
const (
	flood          = 1000000
	batches        = 1000
	batch          = 1000
	parked         = 100000
	roundTrips     = 1000000
	items          = 5000000
	crowd          = 4
	crowdItems     = 1000000
	selects        = 1000000
	primes         = 2000
	lockers        = 8
	locks          = 500000
	sleepers       = 100000
	longestSleepMs = 100
)

type counters map[string]float64

func since(start time.Time) float64 { return float64(time.Since(start).Nanoseconds()) }

func resident() float64 {
	var total, pages int64
	text, _ := os.ReadFile("/proc/self/statm")
	fmt.Sscan(string(text), &total, &pages)
	return float64(pages) * float64(os.Getpagesize())
}

func cpuNs() float64 {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return float64(usage.Utime.Nano() + usage.Stime.Nano())
}

func expect(got, wanted int64, what string) {
	if got != wanted {
		fmt.Fprintf(os.Stderr, "%s: %d, expected %d\n", what, got, wanted)
		os.Exit(1)
	}
}

func spawnFlood(out counters) {
	var left sync.WaitGroup
	start := time.Now()
	left.Add(flood)
	for i := 0; i < flood; i++ {
		go func() { left.Done() }()
	}
	left.Wait()
	out["ns"] = since(start) / flood
}

func spawnBatches(out counters) {
	start := time.Now()
	for b := 0; b < batches; b++ {
		var left sync.WaitGroup
		left.Add(batch)
		for i := 0; i < batch; i++ {
			go func() { left.Done() }()
		}
		left.Wait()
	}
	out["ns"] = since(start) / (batches * batch)
}

func parkRound() (spawn, wake, bytes float64) {
	before := resident()
	gate := make(chan struct{})
	var ready, left sync.WaitGroup
	ready.Add(parked)
	left.Add(parked)
	start := time.Now()
	for i := 0; i < parked; i++ {
		go func() {
			ready.Done()
			<-gate
			left.Done()
		}()
	}
	ready.Wait()
	spawn = since(start) / parked
	bytes = (resident() - before) / parked
	start = time.Now()
	close(gate)
	left.Wait()
	wake = since(start) / parked
	return
}

func parkMany(out counters) {
	out["cold spawn ns"], _, out["bytes"] = parkRound()
	out["warm spawn ns"], out["wake ns"], _ = parkRound()
}

func pingPong(out counters) {
	there, back := make(chan int), make(chan int)
	go func() {
		for v := range there {
			back <- v + 1
		}
		close(back)
	}()
	start := time.Now()
	var sum int64
	for i := 0; i < roundTrips; i++ {
		there <- i
		sum += int64(<-back - i)
	}
	out["ns"] = since(start) / roundTrips
	close(there)
	<-back
	expect(sum, roundTrips, "ping-pong")
}

func receiveAll(c chan int) (sum int64) {
	for v := range c {
		sum += int64(v)
	}
	return
}

func buffered(out counters) {
	c := make(chan int, 128)
	start := time.Now()
	go func() {
		for i := 0; i < items; i++ {
			c <- 1
		}
		close(c)
	}()
	sum := receiveAll(c)
	out["ns"] = since(start) / items
	expect(sum, items, "buffered")
}

func crowded(out counters) {
	c := make(chan int, 64)
	var senders, receivers sync.WaitGroup
	var sum int64
	senders.Add(crowd)
	receivers.Add(crowd)
	start := time.Now()
	for i := 0; i < crowd; i++ {
		go func() {
			for j := 0; j < crowdItems; j++ {
				c <- 1
			}
			senders.Done()
		}()
		go func() {
			atomic.AddInt64(&sum, receiveAll(c))
			receivers.Done()
		}()
	}
	senders.Wait()
	close(c)
	receivers.Wait()
	out["ns"] = since(start) / (crowd * crowdItems)
	expect(sum, crowd*crowdItems, "crowded")
}

func selectOfFour(out counters) {
	var from [4]chan int
	for i := range from {
		from[i] = make(chan int)
		go func(c chan int) {
			for i := 0; i < selects/4; i++ {
				c <- 1
			}
		}(from[i])
	}
	start := time.Now()
	var sum int64
	for i := 0; i < selects; i++ {
		var got int
		select {
		case got = <-from[0]:
		case got = <-from[1]:
		case got = <-from[2]:
		case got = <-from[3]:
		}
		sum += int64(got)
	}
	out["ns"] = since(start) / selects
	expect(sum, selects, "select")
}

func sieve(out counters) {
	numbers := make(chan int)
	start := time.Now()
	go func() {
		for i := 2; ; i++ {
			numbers <- i
		}
	}()
	in, prime := numbers, 0
	for i := 0; i < primes; i++ {
		prime = <-in
		next := make(chan int)
		go func(in, next chan int, prime int) {
			for v := range in {
				if v%prime != 0 {
					next <- v
				}
			}
		}(in, next, prime)
		in = next
	}
	out["ms"] = since(start) * 1e-6
	expect(int64(prime), 17389, "sieve")
}

func contendedMutex(out counters) {
	var mutex sync.Mutex
	var left sync.WaitGroup
	var n int64
	left.Add(lockers)
	start := time.Now()
	for i := 0; i < lockers; i++ {
		go func() {
			for j := 0; j < locks; j++ {
				mutex.Lock()
				n++
				mutex.Unlock()
			}
			left.Done()
		}()
	}
	left.Wait()
	out["ns"] = since(start) / (lockers * locks)
	expect(n, lockers*locks, "mutex")
}

func sleeps(out counters) {
	var late int64
	var left sync.WaitGroup
	left.Add(sleepers)
	cpu := cpuNs()
	for i := 0; i < sleepers; i++ {
		go func(i int) {
			nap := time.Duration(1+i%longestSleepMs) * time.Millisecond
			start := time.Now()
			time.Sleep(nap)
			atomic.AddInt64(&late, int64(time.Since(start)-nap))
			left.Done()
		}(i)
	}
	left.Wait()
	out["late ms"] = float64(late) * 1e-6 / sleepers
	out["cpu us"] = (cpuNs() - cpu) * 1e-3 / sleepers
}

// Between two threads of the system, with a goroutine locked to each.
func betweenThreads(out counters) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	c := make(chan int, 128)
	start := time.Now()
	go func() {
		runtime.LockOSThread()
		for i := 0; i < items; i++ {
			c <- 1
		}
		close(c)
	}()
	sum := receiveAll(c)
	out["ns"] = since(start) / items
	expect(sum, items, "between threads")
}

func main() {
	workloads := map[string]func(counters){
		"W1-flood": spawnFlood, "W1-batch": spawnBatches, "W2": parkMany, "W3": pingPong,
		"W4": buffered, "W5": crowded, "W6": selectOfFour, "W7": sieve, "W8": contendedMutex,
		"W9": sleeps, "W10": betweenThreads,
	}
	if len(os.Args) != 2 || workloads[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: main WORKLOAD, such as W3 or W1-flood")
		os.Exit(2)
	}
	out := counters{}
	workloads[os.Args[1]](out)
	json.NewEncoder(os.Stdout).Encode(out)
}
