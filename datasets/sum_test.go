package datasets

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
)

// A digest is accepted in each form that tools print, including their complete output.
func TestDigestsAsPeopleWriteThem(t *testing.T) {
	sum := digest(content)
	upper := strings.ToUpper(sum)
	in := func(n int, by, digits string) string {
		var groups []string
		for group := range slices.Chunk([]byte(digits), n) {
			groups = append(groups, string(group))
		}
		return strings.Join(groups, by)
	}
	raw, err := hex.DecodeString(sum)
	if err != nil {
		t.Fatal(err)
	}
	std, safe := base64.StdEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw)
	for why, given := range map[string]string{
		"plain":                                     sum,
		"capitals, of Windows":                      upper,
		"spaces and a new line around":              "  " + sum + "\r\n",
		"its kind before it":                        "sha256:" + sum,
		"its kind, in capitals":                     "SHA256: " + upper,
		"its kind, with a hyphen":                   "sha-256:" + sum,
		"a number of a program":                     "0x" + sum,
		"in quotes":                                 `"` + sum + `"`,
		"in the quotes of a text":                   "“" + sum + "”",
		"in JSON":                                   `{"size": 262144, "sha256": "` + sum + `"}`,
		"a mark of byte order before it":            "\ufeff" + sum,
		"copied from a page":                        sum[:20] + "\u00ad\u200b" + sum[20:] + "\u00a0",
		"fingerprint":                               in(2, ":", upper),
		".NET's BitConverter":                       in(2, "-", upper),
		"certutil of Windows 7":                     in(2, " ", sum),
		"certutil of Windows 7, all of it":          "SHA256 hash of file C:\\de\\set.bin:\r\n" + in(2, " ", sum) + "\r\nCertUtil: -hashfile command completed successfully.\r\n",
		"certutil of Windows 10, all of it":         "SHA256 hash of set.bin:\r\n" + sum + "\r\nCertUtil: -hashfile command completed successfully.\r\n",
		"Get-FileHash":                              "\r\nAlgorithm       Hash                                                                   Path\r\n---------       ----                                                                   ----\r\nSHA256          " + upper + "       C:\\de\\set.bin\r\n",
		"a line of it":                              "SHA256   " + upper + "   C:\\x",
		"Get-FileHash | Format-List":                "Algorithm : SHA256\r\nHash      : " + upper + "\r\nPath      : C:\\x\r\n",
		"sha256sum":                                 sum + "  set.bin\n",
		"sha256sum, binary":                         sum + " *set.bin\n",
		"sha256sum of a name with =":                sum + "  a=b, c=d.bin\n",
		"sha256sum of a name with a newline":        "\\" + sum + "  new\\nline\n",
		"sha256sum of a name of its digest":         sum + "  blobs/sha256-" + sum,
		"sha256sum --tag, BSD's sha256":             "SHA256 (set.bin) = " + sum,
		"BSD's sha256 of a name with =":             "SHA256 (a=b.bin) = " + sum,
		"openssl":                                   "SHA2-256(set.bin)= " + sum,
		"gpg --print-md":                            "set.bin: " + in(8, " ", upper),
		"gpg of a name like a group":                "deadbeef: " + in(8, " ", upper),
		"gpg of a name like two groups":             "deadbeef-cafebabe: " + in(8, " ", upper),
		"gpg of a name that ends like a group":      "set.deadbeef: " + in(8, " ", upper),
		"gpg of a longer name of digits":            "0123deadbeef: " + in(8, " ", upper),
		"gpg of a name like a group, on two lines":  "deadbeef: " + in(8, " ", upper[:32]) + "\n          " + in(8, " ", upper[32:]),
		"gpg of a folder and a name like a group":   "/tmp/deadbeef:\n" + in(8, " ", upper),
		"a fingerprint after a name like a group":   "be: " + in(2, ":", upper),
		"pairs of digits after a name like a group": "be: " + in(2, " ", upper),
		"gpg --print-md, on two lines":              "a long name.bin: " + in(8, " ", upper[:32]) + "\n                 " + in(8, " ", upper[32:]),
		"in two halves, on two lines":               sum[:32] + "\n" + sum[32:],
		"Git LFS":                                   "oid sha256:" + sum,
		"Git LFS, the whole pointer":                "version https://git-lfs.github.com/spec/v1\noid sha256:" + sum + "\nsize 262144\n",
		"pip":                                       "--hash=sha256:" + sum,
		"the address of a package":                  "https://files.example/set.bin#sha256=" + sum,
		"beside other digests":                      "MD5 " + sum[:32] + "\nSHA1 " + sum[:40] + "\nSHA256 " + sum + "\nSHA512 " + sum + sum,
		"twice":                                     sum + "\n" + upper,
		"integrity of a web page's script":          "sha256-" + std,
		"a field of HTTP":                           "SHA-256=:" + std + ":",
		"base64":                                    std,
		"base64 without its end":                    strings.TrimSuffix(std, "="),
		"base64 for addresses":                      safe,
	} {
		if got, err := plainSum(given); err != nil || got != sum {
			t.Errorf("%s: %q, %v", why, got, err)
		}
	}
	other := digest(content[1:])
	for _, row := range []struct{ given, says string }{
		{"zz", `"zz" is not a SHA-256: want 64 hexadecimal digits`},
		{" ", "is not a SHA-256: want 64"},
		{sum[1:], "is not a SHA-256: want 64"},
		{sum + "0", "is not a SHA-256: want 64"},
		{"x" + sum, "is not a SHA-256: want 64"},
		{sum + "g", "is not a SHA-256: want 64"},
		{strings.Repeat("x", 64), "is not a SHA-256: want 64"},
		{in(2, " ", sum[2:]), "is not a SHA-256: want 64"},
		{in(2, " ", sum+"00"), "is not a SHA-256: want 64"},
		{in(2, ":", sum+"00"), "is not a SHA-256: want 64"},
		{in(2, ": ", sum+"00"), "is not a SHA-256: want 64"},
		{in(8, " ", sum+sum[:8]), "is not a SHA-256: want 64"},
		{"deadbeef: " + in(8, " ", sum+sum[:8]), "is not a SHA-256: want 64"},
		{"deadbeef: " + in(8, " ", sum) + " cafebabe: " + in(8, " ", other), "is not a SHA-256: want 64"},
		{"deadbeef: " + in(8, " ", sum) + "\ncafebabe: " + in(8, " ", other), "two SHA-256 digests"},
		{std[1:], "is not a SHA-256: want 64"},
		{sum[:32], "is not a SHA-256 but an MD5"},
		{"SHA1 " + sum[:40], "is not a SHA-256 but a SHA-1"},
		{sum + other, "is not a SHA-256 but a SHA-512"},
		{sum + "  set.bin\n" + other + "  other.bin\n", "two SHA-256 digests"},
		{in(8, " ", sum) + "\n\nand " + in(8, " ", other), "two SHA-256 digests"},
	} {
		if got, err := plainSum(row.given); err == nil || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%q: %q, error %v, want one that says %q", row.given, got, err, row.says)
		}
	}
}

// A digest in any form verifies a fetched file, an existing one, and one copied from a
// directory.
func TestFetchByDigestsAsPeopleWriteThem(t *testing.T) {
	file := contentFile(serve(t, whole))
	file.SHA256 = "SHA256 (set.bin) = " + strings.ToUpper(file.SHA256)
	dir := t.TempDir()
	for _, does := range []string{"fetched", "there already"} {
		if _, err := Fetch(t.Context(), file, dir, soon); err != nil {
			t.Errorf("%s: %v", does, err)
		}
	}
	if _, err := Fetch(t.Context(), file, t.TempDir(), FetchOptions{From: dir}); err != nil {
		t.Errorf("from a directory: %v", err)
	}
	file.SHA256 = "zz"
	if _, err := Fetch(t.Context(), file, dir, soon); err == nil || err.Error() != `fetch set.bin: "zz" is not a SHA-256: want 64 hexadecimal digits` {
		t.Errorf("error %v", err)
	}
}
