#pragma once
// The backends: who holds the numbers and computes with them. `eigen` is the trusted reference,
// `naive` is what stages 3 to 9 write, `fast` is what stage 17 makes of it.

#include <array>
#include <string>
#include <string_view>

namespace nt {

enum class Backend { eigen, naive, fast };

inline constexpr std::array kBackends{Backend::eigen, Backend::naive, Backend::fast};

/// Its name, as `--backend` takes it.
std::string_view name(Backend backend);

/// The backend of that name. Throws BackendError, naming `asker` and the names that exist.
Backend parse_backend(std::string_view asker, std::string_view name);

}  // namespace nt
