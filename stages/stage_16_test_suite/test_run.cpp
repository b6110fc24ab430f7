#include "test_run.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "core/errors.hpp"
#include "core/paths.hpp"

extern char** environ;  // NOLINT: POSIX gives it no header

namespace nt {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& program, int reason) {
  throw FileError(shown(program), fmt::format("cannot be run: {}", std::strerror(reason)));
}

/// A program that writes into a pipe, from its start until it is waited for.
class Child {
 public:
  Child(const std::filesystem::path& program, std::vector<std::string> arguments) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) refuse(program, errno);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_addclose(&actions, ends[0]);
    ::posix_spawn_file_actions_addclose(&actions, ends[1]);
    arguments.insert(arguments.begin(), program.string());
    std::vector<char*> argv;
    argv.reserve(arguments.size() + 1);
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    const int failed =
        ::posix_spawn(&id_, program.c_str(), &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    output_ = ends[0];
    if (failed == 0) return;
    ::close(output_);
    refuse(program, failed);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (id_ == 0) return;
    ::kill(id_, SIGTERM);
    wait();
  }

  /// What it has written since; nothing once it has closed its output.
  std::string_view read() {
    while (true) {
      const ssize_t count = ::read(output_, buffer_.data(), buffer_.size());
      if (count >= 0) return {buffer_.data(), static_cast<std::size_t>(count)};
      if (errno != EINTR) return {};
    }
  }

  /// How it ended.
  std::string wait() {
    int status = 0;
    while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
    }
    id_ = 0;
    ::close(output_);
    if (WIFSIGNALED(status)) {
      return fmt::format("the program was ended by a signal: {}", ::strsignal(WTERMSIG(status)));
    }
    return fmt::format("the program stopped with status {} before its report was whole",
                       WEXITSTATUS(status));
  }

 private:
  pid_t id_ = 0;
  int output_ = -1;
  std::array<char, 4096> buffer_{};
};

}  // namespace

void run_tests(const std::filesystem::path& program, const std::vector<std::string>& arguments,
               const OnTest& on_test) {
  std::vector<std::string> all{"--reporter", "xml", "--durations", "yes"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  Child child(program, all);
  ReportReader report(on_test);
  for (std::string_view bytes = child.read(); !bytes.empty(); bytes = child.read()) {
    report.feed(bytes);
  }
  report.end(child.wait());
}

}  // namespace nt
