// The cache: what it keeps, what it notices, and that nobody can harm it by starting, dying or
// running out of room at the wrong moment.

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include "check/catch.hpp"
#include "core/errors.hpp"
#include "core/files.hpp"
#include "data_cache.hpp"
#include "scratch_files.hpp"
#include "sums.hpp"

namespace nt {
namespace {

/// The content of an IDX file with 256 x 256 bytes, the first of which is `seed`.
Bytes content_of(std::uint8_t seed) {
  Bytes content{0, 0, 8, 2, 0, 0, 1, 0, 0, 0, 1, 0};
  for (int i = 0; i < 1 << 16; ++i) content.push_back(static_cast<std::uint8_t>(seed + 7 * i));
  return content;
}

/// The names in a folder; none where there is no folder.
std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  if (!std::filesystem::exists(folder)) return names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().filename());
  }
  return names;
}

/// A source and an empty cache.
struct Setting {
  ScratchFolder scratch;
  Bytes content = content_of(1);
  std::filesystem::path source = pack(scratch, "x.gz", content);
  std::filesystem::path cache = scratch.path() / "new" / "cache";

  /// Where the cache keeps the source's content.
  std::filesystem::path entry() const { return cache / sha256(read_file(source)); }
};

/// Runs `work` in another process, which ends with status 0 where it returns true.
pid_t in_another_process(const std::function<bool()>& work) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  bool right = false;
  try {
    right = work();
  } catch (...) {
  }
  ::_exit(right ? 0 : 1);
}

int status_of(pid_t child) {
  int status = -1;
  ::waitpid(child, &status, 0);
  return status;
}

/// From here on this process may write no more than `bytes` into a file: as on a full disk.
void limit_files(std::size_t bytes) {
  const rlimit limit{bytes, bytes};
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

TEST_CASE("a packed file is unpacked once and then read from the cache", "[stage_13][13.4]") {
  const Setting at;
  const Unpacked first = read_unpacked(at.source, at.cache);
  CHECK_FALSE(first.from_cache);
  CHECK(first.not_kept.empty());
  const Unpacked second = read_unpacked(at.source, at.cache);
  CHECK(second.from_cache);
  CHECK((first.content == at.content));
  CHECK((second.content == at.content));
  CHECK(names_in(at.cache) == std::vector<std::string>{at.entry().filename()});
}

TEST_CASE("a source that has changed is noticed, whatever its time stamp says",
          "[stage_13][13.4]") {
  const Setting at;
  read_unpacked(at.source, at.cache);
  const auto time = std::filesystem::last_write_time(at.source);
  const Bytes other = content_of(2);
  pack(at.scratch, "x.gz", other);
  std::filesystem::last_write_time(at.source, time);
  const Unpacked changed = read_unpacked(at.source, at.cache);
  CHECK_FALSE(changed.from_cache);
  CHECK((changed.content == other));
  pack(at.scratch, "x.gz", at.content);
  CHECK((read_unpacked(at.source, at.cache).content == at.content));
}

TEST_CASE("equal sources share what is kept, under whatever names", "[stage_13][13.4]") {
  const Setting at;
  read_unpacked(at.source, at.cache);
  const std::filesystem::path copy = at.scratch.path() / "copy.gz";
  std::filesystem::copy_file(at.source, copy);
  CHECK(read_unpacked(copy, at.cache).from_cache);
}

TEST_CASE("a kept file that was cut or changed is noticed and replaced", "[stage_13][13.4]") {
  const Setting at;
  read_unpacked(at.source, at.cache);
  const std::string good = read_file(at.entry());
  std::string changed = good, sum_changed = good, longer = good;
  changed[good.size() / 2] ^= 1;
  sum_changed.back() ^= 1;
  longer += '\0';
  for (const std::string& damaged :
       {changed, sum_changed, longer, std::string(), std::string("abc"),
        good.substr(0, good.size() - 1), good.substr(0, 1000)}) {
    CAPTURE(damaged.size());
    write_file(at.entry(), damaged);
    const Unpacked unpacked = read_unpacked(at.source, at.cache);
    CHECK_FALSE(unpacked.from_cache);
    CHECK((unpacked.content == at.content));
    CHECK((read_file(at.entry()) == good));
  }
}

TEST_CASE("a cache that cannot be written stops nobody, and the reason is told",
          "[stage_13][13.4]") {
  const Setting at;
  write(at.scratch, "file", {});
  const std::filesystem::path no_folder = at.scratch.path() / "file" / "cache";
  const Unpacked unpacked = read_unpacked(at.source, no_folder);
  CHECK((unpacked.content == at.content));
  CHECK_FALSE(unpacked.from_cache);
  CHECK(unpacked.not_kept == no_folder.string() + ": cannot be created: Not a directory");
  CHECK_FALSE(read_unpacked(at.source, no_folder).from_cache);
}

TEST_CASE("a full disk stops nobody and leaves no file", "[stage_13][13.4]") {
  const Setting at;
  const std::filesystem::path entry = at.entry();  // before the fork: Python has started by then
  const pid_t child = in_another_process([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    limit_files(1000);
    const Unpacked unpacked = read_unpacked(at.source, at.cache);
    return unpacked.content == at.content &&
           unpacked.not_kept == entry.string() + ": cannot be written: File too large";
  });
  CHECK(status_of(child) == 0);
  CHECK(names_in(at.cache).empty());
}

TEST_CASE("a reader that is killed while it writes leaves nothing that is read",
          "[stage_13][13.4]") {
  const Setting at;
  const std::filesystem::path entry = at.entry();
  const pid_t child = in_another_process([&] {
    std::signal(SIGXFSZ, SIG_DFL);
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    limit_files(1000);  // the write that goes beyond kills it
    read_unpacked(at.source, at.cache);
    return true;
  });
  const int status = status_of(child);
  REQUIRE(WIFSIGNALED(status));
  REQUIRE(WTERMSIG(status) == SIGXFSZ);
  CHECK_FALSE(std::filesystem::exists(entry));
  const Unpacked unpacked = read_unpacked(at.source, at.cache);
  CHECK_FALSE(unpacked.from_cache);
  CHECK((unpacked.content == at.content));
  CHECK(read_unpacked(at.source, at.cache).from_cache);
}

TEST_CASE("processes that unpack into one cache at the same time all read right",
          "[stage_13][13.4]") {
  const Setting at;
  const std::string entry = at.entry().filename();
  constexpr int kRounds = 3;  // each with a cache that is still empty
  const auto cache = [&](int round) { return at.cache / std::to_string(round); };
  std::vector<pid_t> children(8);
  for (pid_t& child : children) {
    child = in_another_process([&] {
      for (int round = 0; round < kRounds; ++round) {
        const Unpacked unpacked = read_unpacked(at.source, cache(round));
        if (unpacked.content != at.content || !unpacked.not_kept.empty()) return false;
      }
      return true;
    });
  }
  for (const pid_t child : children) CHECK(status_of(child) == 0);
  for (int round = 0; round < kRounds; ++round) {
    CHECK(names_in(cache(round)) == std::vector<std::string>{entry});
    CHECK(read_unpacked(at.source, cache(round)).from_cache);
  }
}

TEST_CASE("a file that is not packed is read as it is, and not kept", "[stage_13]") {
  const Setting at;
  const std::filesystem::path plain = write(at.scratch, "x", at.content);
  const Unpacked unpacked = read_unpacked(plain, at.cache);
  CHECK((unpacked.content == at.content));
  CHECK_FALSE(unpacked.from_cache);
  CHECK(names_in(at.cache).empty());
}

TEST_CASE("a source that is missing or wrong is named, and nothing is kept", "[stage_13][13.4]") {
  const Setting at;
  const std::string wrong = pack(at.scratch, "wrong.gz", {0, 0, 8, 1, 0, 0, 0, 3, 7});
  CHECK_THROWS_WITH(read_unpacked(wrong, at.cache),
                    wrong + ": ends early: header promises 3 bytes, found 1");
  const std::string missing = at.scratch.path() / "missing.gz";
  CHECK_THROWS_WITH(read_unpacked(missing, at.cache),
                    missing + ": cannot be opened: No such file or directory");
  CHECK(names_in(at.cache).empty());
}

}  // namespace
}  // namespace nt
