#include "generator/sheet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "core/files.hpp"

namespace nt {

void write_sheet(const std::filesystem::path& path, const Digits& digits) {
  constexpr std::size_t kColumns = 20;
  constexpr std::size_t kSheetWidth = kColumns * kSide;
  std::string grey(10 * kSide * kSheetWidth, '\0');
  std::array<std::size_t, 10> filled{};  // columns of each class's row
  for (std::size_t i = 0; i < digits.labels.size(); ++i) {
    const std::size_t label = digits.labels[i];
    if (filled[label] == kColumns) continue;
    const std::size_t corner = label * kSide * kSheetWidth + filled[label]++ * kSide;
    for (std::size_t row = 0; row < kSide; ++row) {
      const auto from = digits.pictures[i].begin() + static_cast<std::ptrdiff_t>(row * kSide);
      const auto to = grey.begin() + static_cast<std::ptrdiff_t>(corner + row * kSheetWidth);
      std::copy_n(from, kSide, to);
    }
  }
  write_file(path, fmt::format("P5\n{} {}\n255\n", kSheetWidth, 10 * kSide) + grey);
}

}  // namespace nt
