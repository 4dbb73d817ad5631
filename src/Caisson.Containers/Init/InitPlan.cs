using Caisson.Kernel.Spawning;

namespace Caisson.Containers.Init;

/// <summary>A planned program, and the steps whose results its parent needs.</summary>
/// <param name="Program">What the child does.</param>
/// <param name="SecondClone">Its result is the pid of the process that stays; -1 where there is no second clone.</param>
/// <param name="Listener">Its result is the monitor's seccomp listener's descriptor in the child, or negative; -1 where there is none.</param>
/// <param name="Agent">The same of the profile's own listener, for a process that enters; -1 where there is none.</param>
public sealed record InitPlan(InitProgram Program, int SecondClone, int Listener, int Agent);
