namespace Caisson.Emulation.Sources;

/// <summary>Loads times <see cref="LoadHistory.Scale"/>, and how many tasks ran, rounded up.</summary>
readonly record struct LoadAverages(long Load1, long Load5, long Load15, int Running);
