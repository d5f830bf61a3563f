//go:build linux

package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"syscall"

	"golang.org/x/sys/unix"
)

// everywhereIsHere brings the loopback interface up and makes all addresses local, as
//
//	ip link set lo up
//	ip route add local 0.0.0.0/0 dev lo
//
// do (rtnetlink(7)).
func everywhereIsHere() error {
	s, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_ROUTE)
	if err != nil {
		return err
	}
	defer unix.Close(s)
	if err := unix.Bind(s, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return err
	}
	const lo = 1 // the first interface of a namespace
	up := unix.IfInfomsg{Index: lo, Flags: unix.IFF_UP, Change: unix.IFF_UP}
	if err := tell(s, unix.RTM_NEWLINK, 0, up); err != nil {
		return fmt.Errorf("bring the loopback interface up: %w", err)
	}
	route := struct {
		unix.RtMsg
		unix.RtAttr
		device uint32
	}{
		unix.RtMsg{Family: unix.AF_INET, Table: unix.RT_TABLE_LOCAL, Protocol: unix.RTPROT_BOOT, Scope: unix.RT_SCOPE_HOST, Type: unix.RTN_LOCAL},
		unix.RtAttr{Len: unix.SizeofRtAttr + 4, Type: unix.RTA_OIF}, lo,
	}
	if err := tell(s, unix.RTM_NEWROUTE, unix.NLM_F_CREATE, route); err != nil {
		return fmt.Errorf("route all addresses to it: %w", err)
	}
	return nil
}

// tell sends the kernel a message and waits for its answer.
func tell(socket int, kind, flags uint16, body any) error {
	var b bytes.Buffer
	head := unix.NlMsghdr{Type: kind, Flags: flags | unix.NLM_F_REQUEST | unix.NLM_F_ACK, Seq: 1, Len: uint32(unix.SizeofNlMsghdr + binary.Size(body))}
	for _, part := range []any{head, body} {
		if err := binary.Write(&b, binary.NativeEndian, part); err != nil {
			return err
		}
	}
	if err := unix.Sendto(socket, b.Bytes(), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return err
	}
	answer := make([]byte, 4096)
	n, _, err := unix.Recvfrom(socket, answer, 0)
	if err != nil {
		return err
	}
	messages, err := syscall.ParseNetlinkMessage(answer[:n])
	if err != nil || len(messages) == 0 || messages[0].Header.Type != unix.NLMSG_ERROR || len(messages[0].Data) < 4 {
		return fmt.Errorf("an answer of %d bytes is none: %v", n, err)
	}
	if code := int32(binary.NativeEndian.Uint32(messages[0].Data)); code != 0 {
		return syscall.Errno(-code)
	}
	return nil
}
