// Asks a server over a number of connections that stay open, for some seconds, and checks every answer.
//
//	load PORT CONNECTIONS SECONDS PATH BODY
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

func main() {
	port, body := os.Args[1], os.Args[5]
	connections, _ := strconv.Atoi(os.Args[2])
	seconds, _ := strconv.ParseFloat(os.Args[3], 64)
	request := []byte("GET " + os.Args[4] + " HTTP/1.1\r\nHost: localhost:" + port + "\r\nUser-Agent: load\r\nAccept: */*\r\n\r\n")
	end := time.Now().Add(time.Duration(seconds * float64(time.Second)))
	var all sync.WaitGroup
	counts := make([]int, connections)
	errors := make([]string, connections)
	worst := make([]time.Duration, connections)
	start := time.Now()
	for i := 0; i < connections; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			c, err := net.Dial("tcp", "127.0.0.1:"+port)
			if err != nil {
				errors[i] = err.Error()
				return
			}
			defer c.Close()
			in := bufio.NewReader(c)
			buffer := make([]byte, 4096)
			for time.Now().Before(end) {
				begun := time.Now()
				if _, err := c.Write(request); err != nil {
					errors[i] = err.Error()
					return
				}
				if why := answer(in, buffer, []byte(body)); why != "" {
					errors[i] = why
					return
				}
				if took := time.Since(begun); took > worst[i] {
					worst[i] = took
				}
				counts[i]++
			}
		}(i)
	}
	all.Wait()
	total, failed := 0, 0
	for i := range counts {
		total += counts[i]
		if errors[i] != "" {
			failed++
			if failed == 1 {
				fmt.Fprintln(os.Stderr, errors[i])
			}
		}
	}
	sort.Slice(worst, func(a, b int) bool { return worst[a] < worst[b] })
	fmt.Printf("%.0f requests/s, %d errors, slowest %v\n", float64(total)/time.Since(start).Seconds(), failed, worst[len(worst)-1])
}

func answer(in *bufio.Reader, buffer, body []byte) string {
	length := -1
	chunked := false
	for first := true; ; first = false {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err.Error()
		}
		if first && !bytes.HasPrefix(line, []byte("HTTP/1.1 200")) {
			return string(line)
		}
		text := strings.ToLower(strings.TrimSpace(string(line)))
		if text == "" {
			break
		}
		if strings.HasPrefix(text, "content-length:") {
			length, _ = strconv.Atoi(strings.TrimSpace(text[len("content-length:"):]))
		}
		if text == "transfer-encoding: chunked" {
			chunked = true
		}
	}
	if chunked {
		length = 0
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				return err.Error()
			}
			size, _ := strconv.ParseInt(strings.TrimSpace(line), 16, 32)
			if _, err := io.ReadFull(in, buffer[length:length+int(size)+2]); err != nil {
				return err.Error()
			}
			if size == 0 {
				break
			}
			length += int(size)
		}
	} else if _, err := io.ReadFull(in, buffer[:length]); err != nil {
		return err.Error()
	}
	if !bytes.Equal(buffer[:length], body) {
		return "another body: " + string(buffer[:length])
	}
	return ""
}
