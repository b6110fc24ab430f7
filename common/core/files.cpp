#include "core/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "core/errors.hpp"
#include "core/paths.hpp"

namespace nt {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, const char* doing) {
  throw FileError(shown(path), fmt::format("{}: {}", doing, std::strerror(errno)));
}

/// Writes all of `content`; false with errno set when it cannot.
bool write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// A device or a pipe cannot be replaced, nor left half-written: it takes the content as it comes.
void write_to_device(const std::filesystem::path& path, std::string_view content) {
  const int descriptor = ::open(path.c_str(), O_WRONLY);
  if (descriptor < 0) fail(path, "cannot be written");
  const bool done = write_all(descriptor, content);
  const int reason = errno;
  ::close(descriptor);
  errno = reason;
  if (!done) fail(path, "cannot be written");
}

}  // namespace

std::string read_file(const std::filesystem::path& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  if (!file) fail(path, "cannot be opened");
  std::string content;
  char block[1 << 16];
  while (const std::size_t count = std::fread(block, 1, sizeof block, file.get())) {
    content.append(block, count);
  }
  if (std::ferror(file.get()) != 0) fail(path, "cannot be read");
  return content;
}

void write_file(const std::filesystem::path& wanted, std::string_view content) {
  std::error_code failed;
  const std::filesystem::path path = std::filesystem::weakly_canonical(wanted, failed);
  if (failed) throw FileError(shown(wanted), "cannot be written: " + failed.message());
  // Asked once, since another process may remove it; where it cannot be told, mkstemp says why.
  const auto status = std::filesystem::status(path, failed);
  if (std::filesystem::is_directory(status)) throw FileError(shown(path), "is a directory");
  const bool device = std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
  if (device) return write_to_device(path, content);
  std::string temporary = path.string() + ".XXXXXX";
  const int descriptor = ::mkstemp(temporary.data());
  if (descriptor < 0) fail(path, "cannot be written");
  const bool written =
      write_all(descriptor, content) && ::fsync(descriptor) == 0 && ::fchmod(descriptor, 0644) == 0;
  const int write_error = errno;
  const bool closed = ::close(descriptor) == 0;
  if (!written) errno = write_error;
  if (written && closed && std::rename(temporary.c_str(), path.c_str()) == 0) return;

  const int reason = errno;
  ::unlink(temporary.c_str());
  errno = reason;
  fail(path, "cannot be written");
}

}  // namespace nt
