#include "tags.hpp"

#include <regex>

namespace nt {
namespace {

/// `TestCase name="x" line="3"` as a tag.
Tag parsed(std::string inside) {
  static const std::regex attribute(R"re(([\w:.-]+)="([^"]*)")re");
  Tag tag;
  if (inside.ends_with('/')) {
    tag.is_empty = true;
    inside.pop_back();
  }
  tag.name = inside.substr(0, inside.find_first_of(" \n\t\r"));
  for (std::sregex_iterator found(inside.begin(), inside.end(), attribute), end; found != end;
       ++found) {
    tag.attributes[(*found)[1]] = without_entities((*found)[2].str());
  }
  return tag;
}

}  // namespace

std::string without_entities(std::string_view text) {
  static const std::map<std::string, char, std::less<>> names{
      {"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
  static const std::regex entity("&(lt|gt|amp|quot|apos|#x[0-9A-Fa-f]{1,2});");
  const std::string source(text);
  std::string result;
  auto copied = source.begin();
  for (std::sregex_iterator found(source.begin(), source.end(), entity), end; found != end;
       ++found) {
    result.append(copied, (*found)[0].first);
    const std::string name = (*found)[1];
    result += name.starts_with("#x") ? static_cast<char>(std::stoi(name.substr(2), nullptr, 16))
                                     : names.find(name)->second;
    copied = (*found)[0].second;
  }
  return result.append(copied, source.end());
}

std::optional<Tag> TagReader::next() {
  // exercise 16.5: find where the tag begins and, outside quotes, ends; take it and its text
  const std::size_t begin = waiting_.find('<');
  if (begin == std::string::npos) return std::nullopt;
  bool quoted = false;
  for (std::size_t at = begin; at < waiting_.size(); ++at) {
    if (waiting_[at] == '"') quoted = !quoted;
    if (waiting_[at] != '>' || quoted) continue;
    Tag tag = parsed(waiting_.substr(begin + 1, at - begin - 1));
    tag.text = without_entities(std::string_view(waiting_).substr(0, begin));
    waiting_.erase(0, at + 1);
    return tag;
  }
  return std::nullopt;
  // end exercise
}

}  // namespace nt
