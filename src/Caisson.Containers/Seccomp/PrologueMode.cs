using Caisson.Kernel.Seccomp;

namespace Caisson.Containers.Seccomp;

/// <summary>What the prologue has to know of one architecture.</summary>
/// <param name="Architecture">Its calls.</param>
/// <param name="Newest">The highest number that the profile names; null for no ENOSYS above it.</param>
readonly record struct PrologueMode(SeccompArchitecture Architecture, uint? Newest);
