#pragma once
// What the epochs of a run came to, as text in its checkpoint: the table at the end shows all of
// them, also those of a process that was killed long ago. No time is in it, since a run that was
// resumed has to write the very bytes of one that was not.

#include <map>
#include <string>

#include "training_run.hpp"
#include "weight_file.hpp"

namespace nt {

/// By the epoch, counted from 0. An epoch that is evaluated again, because the run was stopped
/// behind its last step, takes the place that it had.
using EpochLog = std::map<std::int64_t, EpochResult>;

/// Of every epoch, counted from 1, its json_line:   `result.1` = `{"epoch": 0, ...}`
Metadata log_metadata(const EpochLog& log);

/// The log that such metadata hold; other entries are passed over. Every number comes back with its
/// bits. Throws FileError as JsonReader does, and
///   `x: result.1: no 'right'`
///   `x: result.1: is of epoch 3, counted from 0`
///   `x: result.1: has 11 of 10 images right`
EpochLog log_of(const std::string& path, const Metadata& metadata);

}  // namespace nt
