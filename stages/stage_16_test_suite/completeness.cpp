#include "completeness.hpp"

#include <algorithm>
#include <regex>
#include <set>

#include "core/files.hpp"
#include "op.hpp"

namespace nt {
namespace {

using Matches = std::regex_iterator<std::string_view::const_iterator>;

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::vector<std::string> row_names() {
  std::vector<std::string> names;
  for (const OpRow* row : op_table()) names.emplace_back(row->name());
  return names;
}

std::vector<std::string> layers_in(std::string_view headers) {
  static const std::regex alias(R"((?:^|\n)\s*using\s+(\w+)\s*=\s*Fused<)");
  static const std::regex declaration(R"((?:^|\n)\s*extern\s+(\w+)[^;]*?(\w+)\s*;)");
  // exercise 16.1: collect the types that are a Fused, then the names declared with one of them
  std::set<std::string> types{"Fused"};
  for (Matches found(headers.begin(), headers.end(), alias), end; found != end; ++found) {
    types.insert((*found)[1]);
  }
  std::vector<std::string> names;
  for (Matches found(headers.begin(), headers.end(), declaration), end; found != end; ++found) {
    if (types.contains((*found)[1])) names.push_back((*found)[2]);
  }
  return names;
  // end exercise
}

std::vector<std::string> declared_layers(const std::filesystem::path& stages) {
  std::vector<std::filesystem::path> headers;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(stages)) {
    if (entry.path().extension() == ".hpp") headers.push_back(entry.path());
  }
  std::sort(headers.begin(), headers.end());
  std::string together;  // an alias of one header may be used in another
  for (const auto& header : headers) together += read_file(header);
  return layers_in(together);
}

std::vector<std::string> untested(const std::vector<std::string>& wanted,
                                  const std::vector<std::string>& tested) {
  std::vector<std::string> missing;
  for (const std::string& name : wanted) {
    if (!contains(tested, name)) missing.push_back(name);
  }
  return missing;
}

}  // namespace nt
