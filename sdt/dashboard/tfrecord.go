package dashboard

import (
	"encoding/binary"
	"hash/crc32"
	"slices"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// appendRecord appends data as a record of TensorFlow's TFRecord format: its length in eight
// bytes and their masked CRC-32C in four, both little-endian, the data and its masked CRC-32C.
func appendRecord(file, data []byte) []byte {
	length := binary.LittleEndian.AppendUint64(nil, uint64(len(data)))
	return slices.Concat(file, length, masked(length), data, masked(data))
}

// masked returns the CRC-32C of data, rotated and shifted, since a CRC of data with CRCs in it
// would tell little.
func masked(data []byte) []byte {
	crc := crc32.Checksum(data, castagnoli)
	return binary.LittleEndian.AppendUint32(nil, (crc>>15|crc<<17)+0xa282ead8)
}
