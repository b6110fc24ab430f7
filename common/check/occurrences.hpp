#pragma once
// How often words occur in a text that a program has made.

#include <cstddef>
#include <string>

namespace nt {

/// In how many places of `text` there is `part`, which is not empty; they may overlap.
inline std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace nt
