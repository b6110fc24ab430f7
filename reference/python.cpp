#include "python.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"

namespace nt {
namespace {

/// Starts the interpreter that CMake found to own numpy: left to itself, Python would ask the first
/// python3 on PATH where its library is.
bool start_python() {
  PyConfig config;
  PyConfig_InitIsolatedConfig(&config);
  config.user_site_directory = 1;
  PyStatus status = PyConfig_SetBytesString(&config, &config.program_name, NT_PYTHON);
  if (PyStatus_Exception(status) == 0) status = Py_InitializeFromConfig(&config);
  PyConfig_Clear(&config);
  if (PyStatus_Exception(status) == 0) return true;
  throw Error(fmt::format("{}: Python does not start: {}", NT_PYTHON, status.err_msg));
}

}  // namespace

PythonScope::PythonScope() {
  // Once, and never shut down: numpy does not survive being loaded twice.
  [[maybe_unused]] static const bool started = start_python();
}

}  // namespace nt
