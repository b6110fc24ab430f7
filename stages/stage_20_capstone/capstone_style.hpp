#pragma once
// What the page of this stage looks like beyond the style that every html_page has.

#include <string_view>

namespace nt {

/// Rules of CSS. Colours are html_page's, which has a set for light and one for dark.
extern const std::string_view kCapstoneStyle;

}  // namespace nt
