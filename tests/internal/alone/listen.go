//go:build linux

package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
)

// listen answers as the proxy, whose address it returns, as every name server of
// /etc/resolv.conf, and on ports 80 and 443. What is asked for goes to asked, where a
// reader sees it at once.
func listen(asked io.Writer) (proxy string, err error) {
	var mu sync.Mutex
	note := func(kind, what string) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintln(asked, kind, what)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	go http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		note("proxy", r.Host)
		http.Error(w, "there is no network here", http.StatusForbidden)
	}))
	for _, port := range []string{"80", "443"} {
		all, err := net.Listen("tcp", "0.0.0.0:"+port)
		if err != nil {
			return "", err
		}
		go func() {
			for {
				c, err := all.Accept()
				if err != nil {
					return
				}
				note("port", c.LocalAddr().String())
				c.Close()
			}
		}()
	}
	for _, server := range nameServers() {
		c, err := net.ListenPacket("udp", net.JoinHostPort(server, "53"))
		if err != nil {
			return "", err
		}
		go names(c, note)
	}
	return l.Addr().String(), nil
}

// nameServers returns those of IPv4, which is all that is routed here.
func nameServers() (all []string) {
	text, _ := os.ReadFile("/etc/resolv.conf") // without it 127.0.0.1 is asked
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "nameserver" && net.ParseIP(f[1]).To4() != nil {
			all = append(all, f[1])
		}
	}
	if len(all) == 0 {
		all = []string{"127.0.0.1"}
	}
	return all
}

// names answers each question that there is no such name (RFC 1035, section 4.1).
func names(c net.PacketConn, note func(kind, what string)) {
	packet := make([]byte, 4096)
	for {
		n, from, err := c.ReadFrom(packet)
		if err != nil {
			return
		}
		if n < 13 {
			continue
		}
		q := packet[:n]
		var labels []string
		for i := 12; i < n && q[i] != 0 && i+1+int(q[i]) <= n; i += 1 + int(q[i]) {
			labels = append(labels, string(q[i+1:i+1+int(q[i])]))
		}
		note("name", strings.Join(labels, "."))
		q[2] |= 1 << 7       // an answer
		q[3] = q[3]&0xf0 | 3 // no such name
		c.WriteTo(packet[:n], from)
	}
}
