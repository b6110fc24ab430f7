#pragma once
// A table for the terminal: columns as wide as their widest cell, the first flush left, the others
// flush right.

#include <string>
#include <vector>

namespace nt {

class Table {
 public:
  explicit Table(std::vector<std::string> headers) : rows_{std::move(headers)} {}

  /// Adds a row; a row shorter than the headers ends in empty cells, a longer one is our mistake.
  void add(std::vector<std::string> cells);

  /// The lines, each ending in a newline, with a rule below the headers.
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

/// The columns that `text` takes on the screen: its code points, not its bytes.
std::size_t display_width(const std::string& text);

}  // namespace nt
