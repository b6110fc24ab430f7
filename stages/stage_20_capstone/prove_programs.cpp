#include "prove_programs.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>

#include "core/errors.hpp"
#include "program/program.hpp"

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX asks for it

namespace nt {
namespace {

/// Starts the command in a process group of its own, so that all of it can be killed at once.
pid_t start(std::vector<std::string> command, const std::filesystem::path& log) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (std::string& argument : command) arguments.push_back(argument.data());
  arguments.push_back(nullptr);

  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_adddup2(&files, 1, 2);
  posix_spawnattr_t group;
  posix_spawnattr_init(&group);
  posix_spawnattr_setflags(&group, POSIX_SPAWN_SETPGROUP);
  pid_t process = 0;
  const int failed = posix_spawn(&process, arguments[0], &files, &group, arguments.data(), environ);
  posix_spawnattr_destroy(&group);
  posix_spawn_file_actions_destroy(&files);
  if (failed != 0) {
    throw Error(fmt::format("cannot run {}: {}", command[0], std::strerror(failed)));
  }
  return process;
}

void kill_group(pid_t process) {
  kill(-process, SIGKILL);
  waitpid(process, nullptr, 0);
}

std::string outcome_of(const std::optional<int>& status, double seconds) {
  if (!status) return fmt::format("took longer than {:.0f} s", seconds);
  switch (*status) {
    case 0: return "proved";
    case 1: return "a proof fails";
    default: return fmt::format("exit status {}", *status);
  }
}

}  // namespace

std::optional<int> run_within(const std::vector<std::string>& command,
                              const std::filesystem::path& log, double seconds) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  const pid_t process = start(command, log);
  int status = 0;
  while (waitpid(process, &status, WNOHANG) == 0) {
    if (Clock::now() > end) {
      kill_group(process);
      return {};
    }
    try {
      stop_if_interrupted();
    } catch (const Interrupted&) {
      kill_group(process);
      throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

ProgramRun prove_program(const std::string& program, const ProvingPlan& plan) {
  std::filesystem::create_directories(plan.reports);
  const std::filesystem::path report = plan.reports / (program + ".json");
  std::filesystem::remove(report);
  const std::filesystem::path path = plan.programs / program;
  if (!std::filesystem::exists(path)) return {program, "not built"};
  const std::vector<std::string> command{path, "--data", plan.data, "--report", report};
  const std::optional<int> status =
      run_within(command, plan.reports / (program + ".log"), plan.seconds);
  return {program, outcome_of(status, plan.seconds)};
}

std::filesystem::path own_folder() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

}  // namespace nt
