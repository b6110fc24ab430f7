#pragma once
// The report of your own framework: one file of HTML that needs nothing else, to keep and to show.
// What it says can be read back from it, so that it can be held against what was computed.

#include <string>
#include <vector>

#include "capstone.hpp"

namespace nt {

/// How many mistakes have a picture on the page; the others are named in a list, so that the page
/// of a model that reads little stays below 2 MB.
constexpr std::size_t kPictured = 300;

/// The page. Its sections are #curve, #digits, #mistakes, #matrix, #ladder, #parity and #roadmap. A
/// stage is ticked where all that it has proved holds, and it has proved something.
std::string capstone_page(const Capstone& capstone);

/// A test image that the page says is read wrongly.
struct NamedMistake {
  std::int64_t position;
  std::int64_t label;
  std::int64_t read;

  bool operator==(const NamedMistake&) const = default;
};

/// All that are named on a page, in their order there.
std::vector<NamedMistake> mistakes_on(const std::string& page);

/// The stages that are ticked on a page, in their order there.
std::vector<int> ticks_on(const std::string& page);

}  // namespace nt
