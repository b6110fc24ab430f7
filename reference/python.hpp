#pragma once
// The embedded Python, which opens numpy's files and computes sums. For this folder's sources
// alone.

#include <pybind11/embed.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

namespace nt {

/// What a scope that calls Python holds: the interpreter runs, and what Python and numpy keep until
/// the process ends is no leak. Throws Error when Python does not start.
class PythonScope {
 public:
  PythonScope();

#if defined(__SANITIZE_ADDRESS__)
 private:
  __lsan::ScopedDisabler not_leaks_;
#endif
};

}  // namespace nt
