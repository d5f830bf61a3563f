package datasets

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image/color"
	"image/jpeg"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/draw"
	"golang.org/x/sync/semaphore"
)

// Images from cameras pass the default limit; sizes that only an attack has are refused by the
// header.
func TestPixelLimit(t *testing.T) {
	var small bytes.Buffer
	if err := jpeg.Encode(&small, plain(color.Gray{Y: 9}), nil); err != nil {
		t.Fatal(err)
	}
	size := bytes.Index(small.Bytes(), []byte{0xff, 0xc0}) + 5
	for _, row := range []struct {
		width, height uint16
		passes        bool
		why           string
	}{
		{8160, 6144, true, "telephones with 50 million pixels"},
		{12000, 9000, true, "with 108 million"},
		{11648, 8736, true, "medium format with 100 million"},
		{13377, 13377, true, "just below 178,956,970"},
		{13378, 13378, false, "just above"},
		{65500, 65500, false, "a bomb"},
		{0, 100, false, "no pixel"},
		{100, 0, false, "a height that comes behind the pixels (DNL) is not read"},
	} {
		data := bytes.Clone(small.Bytes())
		binary.BigEndian.PutUint16(data[size:], row.height)
		binary.BigEndian.PutUint16(data[size+2:], row.width)
		path := filepath.Join(tree(t, map[string][]byte{"a.jpg": data}), "a.jpg")
		if _, err := openImage(path, Limits{}.withDefaults()); (err == nil) != row.passes || err != nil && !strings.Contains(err.Error(), "(Limits.Pixels)") {
			t.Errorf("%d×%d: %v (%s)", row.width, row.height, err, row.why)
		}
	}
}

// An image is decoded only when there is memory for it; one that needs more than the limit is
// decoded when no other is.
func TestRoomForDecoding(t *testing.T) {
	path := filepath.Join(tree(t, map[string][]byte{"a.png": pngOf(t, plain(color.White))}), "a.png")
	cfg := FolderConfig{Limits: Limits{}.withDefaults()}
	p := placer{upright: newResampler(draw.CatmullRom, 4, 4)}
	to := make([]uint8, 4*4*3)

	room := semaphore.NewWeighted(decoding)
	if err := cfg.read(t.Context(), path, room, &p, to, new(garbage)); err != nil || !room.TryAcquire(decoding) {
		t.Fatalf("error %v, or room was not given back", err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if err := cfg.read(stopped, path, room, &p, to, new(garbage)); !errors.Is(err, context.Canceled) {
		t.Errorf("without room: error %v, want context.Canceled", err)
	}
	room.Release(decoding)

	var rows bytes.Buffer // a BMP that needs more memory than decoding, and has no pixels
	rows.WriteString("BM\x00\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00")
	for _, v := range []uint32{19000, 19000, 1 | 24<<16, 0, 0, 0, 0, 0, 0} {
		rows.Write(binary.LittleEndian.AppendUint32(nil, v))
	}
	path = filepath.Join(tree(t, map[string][]byte{"a.bmp": rows.Bytes()}), "a.bmp")
	cfg.Limits.Pixels = 1 << 30
	limited, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := cfg.read(limited, path, room, &p, to, new(garbage)); err == nil || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("error %v, want one that says that it is cut off", err)
	}
}
