package parquetscan

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
	"github.com/pierrec/lz4/v4"
)

// unpacker decompresses pages into memory that is measured beforehand: whatever the bytes say, it never takes more. The
// codecs of parquet-go grow their output as long as the input asks for it, and never end on a damaged LZ4 block. It serves
// one goroutine.
type unpacker struct {
	zstd   *zstd.Decoder
	gzip   *gzip.Reader
	brotli *brotli.Reader
	src    bytes.Reader
}

var errInflates = errors.New("a page unpacks to more than it claims")

// unpack decompresses src to dst, which is as long as the result may get, and returns the result.
func (u *unpacker) unpack(codec format.CompressionCodec, dst, src []byte) ([]byte, error) {
	if len(src) == 0 {
		return dst[:0], nil
	}
	switch codec {
	case format.Uncompressed:
		if len(src) > len(dst) {
			return nil, errInflates
		}
		return src, nil
	case format.Snappy:
		return unsnap(dst, src)
	case format.Zstd:
		return u.unzstd(dst, src)
	case format.Gzip:
		return u.gunzip(dst, src)
	case format.Brotli:
		u.src.Reset(src)
		if u.brotli == nil {
			u.brotli = brotli.NewReader(&u.src)
		} else if err := u.brotli.Reset(&u.src); err != nil {
			return nil, undone(err)
		}
		return fill(dst, u.brotli)
	case format.Lz4Raw:
		return unlz4(dst, src)
	case format.Lz4:
		return hadoop(dst, src)
	}
	return nil, fmt.Errorf("its compression, %s, is not supported: export it with snappy or zstd", codec)
}

func undone(err error) error { return plain("a page cannot be unpacked", err) }

func unsnap(dst, src []byte) ([]byte, error) {
	n, err := snappy.DecodedLen(src)
	if err != nil {
		return nil, undone(err)
	}
	if n > len(dst) {
		return nil, errInflates
	}
	out, err := snappy.Decode(dst, src)
	if err != nil {
		return nil, undone(err)
	}
	return out, nil
}

func (u *unpacker) unzstd(dst, src []byte) ([]byte, error) {
	if u.zstd == nil {
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecodeAllCapLimit(true))
		if err != nil {
			return nil, undone(err)
		}
		u.zstd = d
	}
	out, err := u.zstd.DecodeAll(src, dst[:0])
	if err != nil {
		return nil, undone(err)
	}
	if len(out) > len(dst) {
		return nil, errInflates
	}
	return out, nil
}

func (u *unpacker) gunzip(dst, src []byte) ([]byte, error) {
	u.src.Reset(src)
	var err error
	if u.gzip == nil {
		u.gzip, err = gzip.NewReader(&u.src)
	} else {
		err = u.gzip.Reset(&u.src)
	}
	if err != nil {
		u.gzip = nil
		return nil, undone(err)
	}
	return fill(dst, u.gzip)
}

// fill reads all of r, which must not be more than dst can hold.
func fill(dst []byte, r io.Reader) ([]byte, error) {
	for n := 0; ; {
		var more [1]byte
		to := dst[n:]
		if len(to) == 0 {
			to = more[:]
		}
		k, err := r.Read(to)
		if n += k; n > len(dst) {
			return nil, errInflates
		}
		switch {
		case errors.Is(err, io.EOF):
			return dst[:n], nil
		case err != nil:
			return nil, undone(err)
		}
	}
}

func unlz4(dst, src []byte) ([]byte, error) {
	n, err := lz4.UncompressBlock(src, dst)
	if err != nil || n < 0 || n > len(dst) {
		return nil, errors.New("a page cannot be unpacked: its LZ4 block is damaged or longer than it claims")
	}
	return dst[:n], nil
}

// hadoop unpacks the deprecated codec LZ4: blocks of Hadoop, each with its sizes before it, or a plain block.
func hadoop(dst, src []byte) ([]byte, error) {
	n := 0
	for rest := src; ; {
		if len(rest) == 0 {
			return dst[:n], nil
		}
		if len(rest) < 8 {
			break
		}
		full, packed := binary.BigEndian.Uint32(rest), binary.BigEndian.Uint32(rest[4:])
		rest = rest[8:]
		if uint64(packed) > uint64(len(rest)) || uint64(full) > uint64(len(dst)-n) {
			break
		}
		k, err := lz4.UncompressBlock(rest[:packed], dst[n:n+int(full)])
		if err != nil || k != int(full) {
			break
		}
		n, rest = n+k, rest[packed:]
	}
	return unlz4(dst, src)
}
