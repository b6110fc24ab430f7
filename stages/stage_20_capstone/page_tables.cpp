#include "page_tables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "markup.hpp"

namespace nt {
namespace {

const char* kind_of(const Racer& racer) {
  switch (racer.kind) {
    case Racer::Kind::rung: return "rung";
    case Racer::Kind::library: return "library";
    case Racer::Kind::peak: return "peak";
  }
  return "";
}

std::string racer_row(const RaceLine& line, double longest) {
  const std::string threads =
      line.racer.threads == 1 ? "" : fmt::format(", {} threads", line.racer.threads);
  return fmt::format(
      "<tr class=\"{}\"><th scope=\"row\">{}{}<span style=\"width: {:.1f}%\"></span></th>"
      "<td>{:.{}f}</td><td>{:.0f} %</td></tr>\n",
      kind_of(line.racer), html_text(line.racer.name), threads, 100 * line.gflops / longest,
      line.gflops, line.gflops < 10 ? 1 : 0, 100 * line.share);
}

/// A name that may be broken behind its dots: `encoder.<wbr/>0.<wbr/>norm1`.
std::string breaking(const std::string& name) {
  std::string html;
  for (const char letter : html_text(name)) {
    html += letter;
    if (letter == '.') html += "<wbr/>";
  }
  return html;
}

/// A table of names and differences; every column has as many as there are names.
std::string difference_table(const std::string& heading, const std::vector<std::string>& columns,
                             const std::vector<const std::vector<Difference>*>& differences) {
  std::string table = fmt::format("<div class=\"table\"><table>\n<tr><th>{}</th>", heading);
  for (const std::string& column : columns) table += fmt::format("<th>{}</th>", column);
  table += "</tr>\n";
  for (std::size_t row = 0; row < differences.front()->size(); ++row) {
    table += fmt::format("<tr><td>{}</td>", breaking((*differences.front())[row].name));
    for (const std::vector<Difference>* column : differences) {
      table += fmt::format("<td>{}</td>", small_number(column->at(row).largest));
    }
    table += "</tr>\n";
  }
  return table + "</table></div>\n";
}

std::string state_of(const Proved& proved) {
  if (proved.proofs == 0) return "not proved here yet";
  if (proved.all()) {
    return fmt::format("{} proof{} hold{}", proved.proofs, proved.proofs == 1 ? "" : "s",
                       proved.proofs == 1 ? "s" : "");
  }
  return fmt::format("{} of {} proofs fail", proved.proofs - proved.hold, proved.proofs);
}

/// The text as HTML, with what stands between backticks as code.
std::string with_code(const std::string& text) {
  std::string html;
  bool code = false;
  for (const char letter : text) {
    if (letter == '`') {
      html += code ? "</code>" : "<code>";
      code = !code;
    } else {
      html += html_text(std::string_view(&letter, 1));
    }
  }
  return code ? html + "</code>" : html;
}

}  // namespace

std::string small_number(double number) {
  if (number == 0) return "0";
  std::string text = fmt::format("{:.1e}", number);  // 1.3e-06
  const std::size_t at = text.find('e');
  if (at == std::string::npos) return text;  // inf or nan
  return fmt::format("{}·10<sup>{}</sup>", text.substr(0, at), std::stoi(text.substr(at + 1)));
}

std::string ladder_table_html(const Race& race) {
  double longest = 0;
  for (const RaceLine& line : race.lines) longest = std::max(longest, line.gflops);
  std::string table =
      "<div class=\"table\"><table class=\"bars\">\n"
      "<tr><th>who</th><th>GFLOP/s</th><th>of the peak</th></tr>\n";
  for (const RaceLine& line : race.lines) {
    if (line.gflops > 0) table += racer_row(line, longest);  // 0: it is not installed
  }
  return table + "</table></div>\n";
}

std::string parity_tables(const Capstone& capstone) {
  return "<div class=\"beside\">\n" +
         difference_table("layer", {"initial weights"}, {&capstone.initial.activations}) +
         difference_table("gradient of", {"initial", "trained"},
                          {&capstone.initial.gradients, &capstone.trained.gradients}) +
         "</div>\n";
}

std::string roadmap_list(const Capstone& capstone) {
  std::string list = "<ol class=\"road\">\n";
  for (const RoadmapRow& row : capstone.roadmap) {
    const Proved proved = capstone.proof_of(row.stage);
    list += fmt::format(
        "<li{} data-stage=\"{}\"><span class=\"mark\" aria-hidden=\"true\">{}</span>"
        "<span><strong>{} {}</strong>: {}</span><small>{}</small>"
        "<small class=\"state\">{}</small></li>\n",
        proved.all() ? " class=\"ticked\"" : "", row.stage, proved.all() ? "✓" : "○", row.stage,
        html_text(row.name.substr(9)), with_code(row.adds), with_code(row.pays_out),
        state_of(proved));
  }
  return list + "</ol>\n";
}

}  // namespace nt
