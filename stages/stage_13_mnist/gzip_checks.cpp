// Gzip, member by member, whole and broken.

#include "check/catch.hpp"
#include "core/errors.hpp"
#include "core/files.hpp"
#include "core/random.hpp"
#include "idx_file.hpp"
#include "scratch_files.hpp"

namespace nt {
namespace {

constexpr std::size_t kAll = std::size_t{1} << 30;

Bytes packed(const Bytes& content) {
  const ScratchFolder scratch;
  const std::string file = read_file(pack(scratch, "x.gz", content));
  return {file.begin(), file.end()};
}

/// Bytes that do not compress, so that what is packed is long as well.
Bytes noise(std::size_t size) {
  Random random(1);
  Bytes bytes;
  while (bytes.size() < size) bytes.push_back(static_cast<std::uint8_t>(random.next()));
  return bytes;
}

Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Bytes cut(const Bytes& bytes, std::size_t length) {
  return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)};
}

TEST_CASE("what Python's gzip.compress packed is unpacked", "[stage_13][13.3]") {
  // gzip.compress(b"hello\n", mtime=0) of Python 3.11
  const Bytes file{0x1F, 0x8B, 8,    0, 0, 0,    0,    0,    2,    0xFF, 0xCB, 0x48, 0xCD,
                   0xC9, 0xC9, 0xE7, 2, 0, 0x20, 0x30, 0x3A, 0x36, 6,    0,    0,    0};
  const Gunzipped unpacked = gunzip("x.gz", file, kAll);
  CHECK(unpacked.content == Bytes{'h', 'e', 'l', 'l', 'o', '\n'});
  CHECK(unpacked.whole);
}

TEST_CASE("content of any length comes out as it went in", "[stage_13][13.3]") {
  // One piece is 65536 bytes: shorter, as long, longer; and of several pieces.
  for (const std::size_t size : {0U, 1U, 65535U, 65536U, 65537U, 300000U}) {
    CAPTURE(size);
    for (const Bytes& content : {noise(size), Bytes(size, 7)}) {
      const Gunzipped unpacked = gunzip("x.gz", packed(content), kAll);
      CHECK((unpacked.content == content));  // in brackets: a failure must not print it
      CHECK(unpacked.whole);
    }
  }
}

TEST_CASE("members one after another are one content, as Python's gzip reads them",
          "[stage_13][13.3]") {
  const Bytes a = noise(70000), b{1, 2, 3}, none;
  const Bytes file = packed(a) + packed(none) + packed(b);
  const Gunzipped unpacked = gunzip("x.gz", file, kAll);
  CHECK((unpacked.content == a + b));
  CHECK(unpacked.whole);
}

TEST_CASE("zeros behind a member are padding, anything else is corrupt", "[stage_13][13.3]") {
  const Bytes content{1, 2, 3}, zeros(100000, 0);
  for (const Bytes& file : {packed(content) + zeros, packed(content) + zeros + packed({})}) {
    const Gunzipped unpacked = gunzip("x.gz", file, kAll);
    CHECK(unpacked.content == content);
    CHECK(unpacked.whole);
  }
  CHECK_THROWS_WITH(gunzip("x.gz", packed(content) + Bytes{1, 2, 3}, kAll),
                    "x.gz: corrupt gzip: incorrect header check");
}

TEST_CASE("a gzip file that is cut gives what there is, and is not whole", "[stage_13][13.3]") {
  const Bytes content = noise(300);
  const Bytes file = packed(content);
  for (std::size_t length = 0; length < file.size(); ++length) {
    const Gunzipped unpacked = gunzip("x.gz", cut(file, length), kAll);
    REQUIRE_FALSE(unpacked.whole);
    REQUIRE(unpacked.content == cut(content, unpacked.content.size()));
  }
  // The sums are 8 bytes: without them all the content is there.
  CHECK(gunzip("x.gz", cut(file, file.size() - 8), kAll).content == content);
}

TEST_CASE("a wrong sum in a gzip file is corrupt, and so is a wrong length", "[stage_13][13.3]") {
  Bytes file = packed({1, 2, 3});
  file[file.size() - 8] ^= 1;
  CHECK_THROWS_WITH(gunzip("x.gz", file, kAll), "x.gz: corrupt gzip: incorrect data check");
  file = packed({1, 2, 3});
  file[file.size() - 1] ^= 1;
  CHECK_THROWS_WITH(gunzip("x.gz", file, kAll), "x.gz: corrupt gzip: incorrect length check");
  CHECK_THROWS_WITH(gunzip("x.gz", Bytes{0x1F, 0x8B, 7, 0}, kAll),
                    "x.gz: corrupt gzip: unknown compression method");
}

TEST_CASE("no more is unpacked than is wanted", "[stage_13][13.3]") {
  const Bytes content(1 << 20, 7);
  Bytes file = packed(content);  // 1 kB
  file[file.size() - 8] ^= 1;    // whoever unpacks it all hears of it
  for (const std::size_t most : {std::size_t{0}, std::size_t{1}, std::size_t{65536},
                                 std::size_t{65537}, content.size() - 1}) {
    CAPTURE(most);
    const Gunzipped unpacked = gunzip("x.gz", file, most);
    CHECK(unpacked.content.size() == most);
    CHECK_FALSE(unpacked.whole);
  }
}

TEST_CASE("an IDX file is unpacked, or taken as it is", "[stage_13][13.1][13.3]") {
  const Bytes idx{0, 0, 8, 1, 0, 0, 0, 3, 7, 1, 2};
  CHECK(unpack_idx("x", idx) == idx);
  CHECK(unpack_idx("x.gz", packed(idx)) == idx);
  CHECK(unpack_idx("x.gz", packed(cut(idx, 6)) + packed({0, 3, 7, 1, 2})) == idx);
  CHECK(unpack_idx("x", {}).empty());
  CHECK(unpack_idx("x", Bytes{0x1F}) == Bytes{0x1F});
}

TEST_CASE("a packed IDX file that is wrong is named with what is wrong", "[stage_13][13.1][13.3]") {
  const Bytes idx{0, 0, 8, 1, 0, 0, 0, 3, 7, 1, 2};
  const auto says = [](const Bytes& file, const std::string& reason) {
    CHECK_THROWS_WITH(unpack_idx("x.gz", file), "x.gz: " + reason);
  };
  says(packed({}), "ends early: an IDX header has 4 bytes, found 0");
  says(packed(cut(idx, 7)), "ends early: an IDX header has 8 bytes, found 7");
  says(packed(cut(idx, 10)), "ends early: header promises 3 bytes, found 2");
  says(cut(packed(idx), packed(idx).size() - 1), "ends early: its gzip checksum is missing");
  says(packed({0, 0, 0x0A, 0, 1}), "not an IDX file: no elements are of type 0a");
  // A megabyte behind the three bytes that are promised, with a sum that is wrong: nobody gets
  // there.
  Bytes bomb = packed(idx + Bytes(1 << 20, 7));
  bomb[bomb.size() - 8] ^= 1;
  says(bomb, "goes on too long: header promises 3 bytes, and more follow");
}

}  // namespace
}  // namespace nt
