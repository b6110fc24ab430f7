#pragma once
// Whether everything is tested. A list of tests cannot say what is missing from it, so the names
// come from elsewhere: the rows from the op table itself, which every row enters with its first
// kernel, and the layers, which enter no table, from the text of the headers that declare them.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace nt {

/// The rows of the op table, in its order.
std::vector<std::string> row_names();

/// The layers that a header declares: the names x of all `extern Fused<...> x;`, and of all
/// `extern Alias x;` where the text has `using Alias = Fused<...>;`. In the text's order.
std::vector<std::string> layers_in(std::string_view headers);

/// The layers of every stage: of the headers stage_*/*.hpp below `stages`, in the order of their
/// paths. Throws FileError for a header that cannot be read.
std::vector<std::string> declared_layers(const std::filesystem::path& stages);

/// The names of what the cases call, each once, in their order.   Case: OpCase or ErrorCase
template <class Case>
std::vector<std::string> names_of(const std::vector<Case>& cases) {
  std::vector<std::string> names;
  for (const Case& one : cases) {
    if (names.empty() || names.back() != one.op) names.push_back(one.op);
  }
  return names;
}

/// Those of `wanted` that are not among `tested`, in their order.
std::vector<std::string> untested(const std::vector<std::string>& wanted,
                                  const std::vector<std::string>& tested);

}  // namespace nt
