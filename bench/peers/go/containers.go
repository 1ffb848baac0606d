package main

import (
	"sort"
	"strconv"
	"strings"
)

func next(x int) int { return (x*1103515245 + 12345) % 2147483648 }

func listAppend(n int) int64 {
	var xs []int
	x := 1
	for i := 0; i < n; i++ {
		xs = append(xs, x)
		x = next(x)
	}
	sum := 0
	for _, v := range xs {
		sum += v
	}
	return int64(sum + len(xs))
}

func mapInts(n int) int64 {
	m := map[int]int{}
	x := 1
	for i := 0; i < n; i++ {
		m[x] = i
		x = next(x)
	}
	sum := 0
	x = 1
	for i := 0; i < n; i++ {
		sum += m[x]
		if _, ok := m[x+2147483648]; ok {
			sum++
		}
		x = next(x)
	}
	return int64(sum + len(m))
}

func stringBuild(n int) int64 {
	var b strings.Builder
	for i := 0; i < n; i++ {
		b.WriteString(strconv.Itoa(i & 1023))
		b.WriteString(",")
	}
	return int64(len(b.String()))
}

func sortInts(n int) int64 {
	xs := make([]int, 0, n)
	x := 1
	for i := 0; i < n; i++ {
		x = next(x)
		xs = append(xs, x)
	}
	sort.Ints(xs)
	sum := 0
	for i, v := range xs {
		sum += v % 1000 * (i % 7)
	}
	return int64(sum)
}
