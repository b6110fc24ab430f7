#include "test_report.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace nt {
namespace {

std::string attribute(const Tag& tag, const std::string& name) {
  const auto found = tag.attributes.find(name);
  return found == tag.attributes.end() ? "" : found->second;
}

/// Without the white space around it.
std::string trimmed(const std::string& text) {
  constexpr const char* kSpace = " \n\t\r";
  const std::size_t begin = text.find_first_not_of(kSpace);
  return begin == std::string::npos ? ""
                                    : text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

/// "ops" of "[ops][slow]".
std::string first_tag(const std::string& tags) {
  const std::size_t end = tags.find(']');
  return end == std::string::npos ? "" : tags.substr(1, end - 1);
}

std::string place_of(const Tag& tag) {
  return fmt::format("{}:{}", std::filesystem::path(attribute(tag, "filename")).filename().string(),
                     attribute(tag, "line"));
}

}  // namespace

void ReportReader::feed(std::string_view bytes) {
  tags_.feed(bytes);
  while (const std::optional<Tag> tag = tags_.next()) take(*tag);
}

void ReportReader::take(const Tag& tag) {
  if (tag.name == "TestCase") {
    test_ = {attribute(tag, "name"), first_tag(attribute(tag, "tags")), 0, {}};
    running_ = true;
  } else if (tag.name == "OverallResult" && running_) {
    const std::string seconds = attribute(tag, "durationInSeconds");
    test_.seconds = seconds.empty() ? 0 : std::stod(seconds);
    if (attribute(tag, "success") == "false" && test_.passed()) {
      test_.failures.emplace_back("fails, and the report does not say why");
    }
  } else if (tag.name == "/TestCase" && running_) {
    report();
  } else if (tag.name == "OverallResultsCases" || tag.name == "/Catch") {
    whole_ = true;
  } else {
    take_failure(tag);
  }
}

/// The tags inside a test: an assertion that failed, an exception, a crash.
void ReportReader::take_failure(const Tag& tag) {
  if (tag.name == "Expression") {
    place_ = place_of(tag);
    holds_ = attribute(tag, "success") == "true";
  } else if (tag.name == "/Original") {
    original_ = trimmed(tag.text);
  } else if (tag.name == "/Expanded" && !holds_) {
    test_.failures.push_back(fmt::format("{}: {}: {}", place_, original_, trimmed(tag.text)));
  } else if (tag.name == "Exception" || tag.name == "FatalErrorCondition" ||
             tag.name == "Failure") {
    place_ = place_of(tag);
  } else if (tag.name == "/Exception" || tag.name == "/FatalErrorCondition" ||
             tag.name == "/Failure") {
    test_.failures.push_back(fmt::format("{}: {}", place_, trimmed(tag.text)));
  }
}

void ReportReader::end(const std::string& how) {
  if (!running_ && whole_) return;
  if (!running_) test_ = {"the program", "", 0, {}};
  test_.failures.push_back(how);
  report();
}

void ReportReader::report() {
  running_ = false;
  on_test_(test_);
}

}  // namespace nt
