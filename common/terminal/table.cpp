#include "terminal/table.hpp"

#include <algorithm>
#include <cassert>

namespace nt {

void Table::add(std::vector<std::string> cells) {
  assert(cells.size() <= rows_.front().size());
  cells.resize(rows_.front().size());
  rows_.push_back(std::move(cells));
}

std::string Table::text() const {
  std::vector<std::size_t> widths(rows_.front().size());
  for (const auto& row : rows_) {
    for (std::size_t column = 0; column < row.size(); ++column) {
      widths[column] = std::max(widths[column], display_width(row[column]));
    }
  }

  std::string lines;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t column = 0; column < row.size(); ++column) {
      const std::string padding(widths[column] - display_width(row[column]), ' ');
      if (column > 0) line += "  ";
      line += column == 0 ? row[column] + padding : padding + row[column];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    lines += line + '\n';
    if (&row == &rows_.front()) {
      std::size_t width = 2 * (widths.size() - 1);
      for (const std::size_t column : widths) width += column;
      lines += std::string(width, '-') + '\n';
    }
  }
  return lines;
}

std::size_t display_width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;  // not a UTF-8 continuation
  }));
}

}  // namespace nt
