#include "terminal/style.hpp"

#include <unistd.h>

#include <cstdlib>

namespace nt {

bool on_terminal() { return ::isatty(STDOUT_FILENO) == 1; }

bool colours_welcome() {
  const char* no_color = std::getenv("NO_COLOR");
  return on_terminal() && (no_color == nullptr || *no_color == '\0');
}

}  // namespace nt
