#include "core/backend.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"

namespace nt {

std::string_view name(Backend backend) {
  switch (backend) {
    case Backend::eigen: return "eigen";
    case Backend::naive: return "naive";
    case Backend::fast: return "fast";
  }
  return "unknown";
}

Backend parse_backend(std::string_view asker, std::string_view wanted) {
  for (const Backend backend : kBackends) {
    if (name(backend) == wanted) return backend;
  }
  throw BackendError(
      fmt::format("{}: unknown backend '{}': expected eigen, naive or fast", asker, wanted));
}

}  // namespace nt
