#pragma once
// The errors of the project. Each what() is one line that names the operand, file or option, what
// was expected and what was found; a program prints that line and exits with 1 (2 for UsageError).

#include <stdexcept>
#include <string>

namespace nt {

/// Anything that can go wrong and is not our own mistake.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Operands whose shapes break an operation's rule: `matmul: inner dimensions differ: a is (2, 3),
/// b is (4, 5)`.
struct ShapeError : Error {
  using Error::Error;
};

/// An unknown backend, a missing kernel, or operands of another backend than the chosen one.
struct BackendError : Error {
  using Error::Error;
};

/// A file that cannot be read or written, or does not hold what it should: `path: reason`.
struct FileError : Error {
  FileError(const std::string& path, const std::string& reason) : Error(path + ": " + reason) {}
};

/// A wrong command line; the program exits with 2.
struct UsageError : Error {
  using Error::Error;
};

/// The user pressed Ctrl-C; the program exits with 130.
struct Interrupted : Error {
  Interrupted() : Error("interrupted") {}
};

/// An exercise that its reader has not written yet: neither a pass nor a failure.
struct NotImplemented : Error {
  NotImplemented(const std::string& number, const std::string& task)
      : Error("exercise " + number + " is not written yet: " + task), exercise(number) {}

  std::string exercise;  ///< its number, such as "3.2"
};

}  // namespace nt
