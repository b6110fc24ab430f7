#pragma once
// Profiles in the trace event format, which chrome://tracing and https://ui.perfetto.dev show: the
// calls as bars on a line of time, those within others below them.

#include "spans.hpp"

namespace nt {

/// JSON: {"traceEvents": [...], "displayTimeUnit": "ms"}. Each span is an event of the phase X, a
/// complete one: `name`; `ts` and `dur`, its begin and duration in microseconds; `args`, its FLOP
/// and bytes. Each profile is such an event too, around its spans, and begins where the profile
/// before it has ended.
/// Google's document "Trace Event Format", section "Complete Events".
std::string chrome_trace(const std::vector<Profile>& profiles);

}  // namespace nt
