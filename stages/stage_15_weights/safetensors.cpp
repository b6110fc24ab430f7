#include "safetensors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "core/errors.hpp"

namespace nt {
namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kLongestHeader = 100'000'000;  // the format's own limit
constexpr std::uint64_t kFloatBytes = 4;
constexpr const char* kMetadata = "__metadata__";

/// What the header says of an array: its numbers stand in [begin, end) of the rest.
struct Entry {
  std::string name;
  Shape shape;
  std::uint64_t begin;
  std::uint64_t end;
};

struct Header {
  std::vector<Entry> entries;
  Metadata metadata;
};

/// All of `bytes` as one number; at most 8.
std::uint64_t number_of(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    number |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  }
  return number;
}

/// The header's text: behind its length, and as long as that says.
std::string_view header_text(const std::string& path, std::string_view content) {
  // exercise 15.2: 8 bytes are its length; neither they nor the header are there before one looks
  if (content.size() < kLengthBytes) {
    throw FileError(path, fmt::format("ends early: {} bytes say how long the header is, found {}",
                                      kLengthBytes, content.size()));
  }
  const std::uint64_t length = number_of(content.substr(0, kLengthBytes));
  if (length > kLongestHeader) {
    throw FileError(path, fmt::format("the header should have at most {} bytes, found {}",
                                      kLongestHeader, length));
  }
  if (length > content.size() - kLengthBytes) {
    throw FileError(path, fmt::format("ends early: the header has {} bytes, found {}", length,
                                      content.size() - kLengthBytes));
  }
  return content.substr(kLengthBytes, length);
  // end exercise
}

/// [begin, end]
void read_offsets(JsonReader& header, Entry& entry) {
  std::vector<std::uint64_t> offsets;
  header.array([&] {
    if (offsets.size() == 2) header.fail("should be two numbers, found more");
    offsets.push_back(header.number<std::uint64_t>());
  });
  if (offsets.size() < 2) header.fail("should be two numbers, found fewer");
  entry.begin = offsets[0];
  entry.end = offsets[1];
}

Entry read_entry(JsonReader& header, const std::string& name) {
  require_name(header, name);
  Entry entry{name, {}, 0, 0};
  int found = 0;
  header.object([&](const std::string& key) {
    ++found;
    if (key == "dtype") {
      const std::string dtype = header.string();
      if (dtype != "F32") header.fail(fmt::format("should be F32, found {}", one_line(dtype)));
    } else if (key == "shape") {
      entry.shape = read_shape(header);
    } else if (key == "data_offsets") {
      read_offsets(header, entry);
    } else {
      header.fail("should be dtype, shape or data_offsets");
    }
  });
  if (found < 3) header.fail("needs dtype, shape and data_offsets");
  return entry;
}

Header read_header(const std::string& path, std::string_view text) {
  JsonReader reader(path, text);
  if (!text.starts_with('{')) reader.fail("the header should begin with '{'");
  Header header;
  reader.object([&](const std::string& name) {
    if (name != kMetadata) {
      header.entries.push_back(read_entry(reader, name));
      return;
    }
    reader.object([&](const std::string& key) { header.metadata[key] = reader.string(); });
  });
  reader.end();
  return header;
}

/// The arrays, in the order of their bytes, follow one another without gap or overlap up to `size`.
void require_contiguous(const std::string& path, const std::vector<Entry>& entries,
                        std::uint64_t size) {
  // exercise 15.3: each begins where the one before ends, and takes what its shape says; to the end
  std::uint64_t at = 0;
  for (const Entry& entry : entries) {
    const auto count = static_cast<std::uint64_t>(entry.shape.count());
    if (entry.begin != at) {
      throw FileError(
          path, fmt::format("'{}' should begin at byte {}, found {}", entry.name, at, entry.begin));
    }
    if (count > (size - at) / kFloatBytes) {  // a product could be too large to be computed
      throw FileError(path, fmt::format("ends early: '{}' is {}, and {} bytes are left", entry.name,
                                        entry.shape.text(), size - at));
    }
    at += count * kFloatBytes;
    if (entry.end != at) {
      throw FileError(path, fmt::format("'{}' is {}: it should end at byte {}, found {}",
                                        entry.name, entry.shape.text(), at, entry.end));
    }
  }
  if (at < size) {
    throw FileError(path, fmt::format("{} bytes behind the last array", size - at));
  }
  // end exercise
}

/// The numbers that these bytes are: four bytes each.
std::vector<float> floats_of(std::string_view bytes) {
  std::vector<float> values;
  values.reserve(bytes.size() / kFloatBytes);
  // exercise 15.4: four bytes are the pattern of one float's bits, whatever the machine's own order
  for (std::size_t at = 0; at < bytes.size(); at += kFloatBytes) {
    const auto bits = static_cast<std::uint32_t>(number_of(bytes.substr(at, kFloatBytes)));
    values.push_back(std::bit_cast<float>(bits));
  }
  // end exercise
  return values;
}

}  // namespace

WeightFile decode_safetensors(const std::string& path, std::string_view content) {
  const std::string_view text = header_text(path, content);
  const std::string_view rest = content.substr(kLengthBytes + text.size());
  Header header = read_header(path, text);
  std::vector<Entry>& entries = header.entries;
  const auto place = [](const Entry& entry) { return std::pair(entry.begin, entry.end); };
  std::stable_sort(entries.begin(), entries.end(),
                   [&](const Entry& a, const Entry& b) { return place(a) < place(b); });
  require_contiguous(path, entries, rest.size());
  WeightFile file{{}, std::move(header.metadata)};
  for (const auto& [name, shape, begin, end] : entries) {
    HostArray array{shape, floats_of(rest.substr(begin, end - begin))};
    if (const std::string problem = number_problem(name, array); !problem.empty()) {
      throw FileError(path, problem);
    }
    file.arrays.emplace_back(name, std::move(array));
  }
  return file;
}

}  // namespace nt
