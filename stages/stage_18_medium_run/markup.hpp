#pragma once
// A page that opens anywhere: one file of HTML, with its style inside, no script and nothing to
// fetch. It is written as XML would be, every tag ended and every attribute quoted, so that any
// reader takes it apart.

#include <string>
#include <string_view>

namespace nt {

/// The text as it stands in HTML, between tags or in an attribute: & < > " become
/// &amp; &lt; &gt; &quot;
std::string html_text(std::string_view text);

/// An <svg> element of that size, which takes the width there is, around `content`, which is SVG
/// already; `title` is text, and read aloud in place of the picture.
std::string svg_picture(double width, double height, std::string_view title,
                        std::string_view content);

/// A whole document around `body`, which is HTML already; `title` is text. It follows the reader's
/// choice of light or dark, and is as wide as the window, up to 46 rem. Its style draws what
/// line_chart and heat_map leave to it, tables, which are scrolled sideways where they are too
/// wide, and figures; `style` are more rules of CSS, behind these.
std::string html_page(std::string_view title, std::string_view body, std::string_view style = "");

}  // namespace nt
