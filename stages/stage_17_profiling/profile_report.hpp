#pragma once
// Profiles read: which operation takes how much of the time, and how quick it is.

#include "spans.hpp"

namespace nt {

/// All calls of one row.
struct OpLine {
  std::string_view name;
  std::int64_t calls = 0;
  Nanoseconds total = 0;  ///< with what the row called itself: the fallback's rows
  Nanoseconds self = 0;   ///< without
  Cost cost;

  /// 10^9 FLOP a second, which is FLOP a nanosecond, over the total time; 0 where that is 0.
  double gigaflops() const;
};

struct ProfileSummary {
  std::vector<OpLine> lines;  ///< the longest self time first; of equals, in the order of the names
  Nanoseconds outside = 0;    ///< in no row: tape, loader, optimizer, and the handling of arrays
  OpLine together;            ///< of all; its cost is that of the outermost calls, once each
};

/// The self times of all lines and `outside` are together.self and together.total, exactly.
ProfileSummary summarise(const std::vector<Profile>& profiles);

/// A line for each row, the time outside, and all together: calls, total and self milliseconds, the
/// self time's share of the time, 10^6 FLOP, 10^9 FLOP a second, 10^6 bytes.
std::string table_of(const ProfileSummary& summary);

}  // namespace nt
