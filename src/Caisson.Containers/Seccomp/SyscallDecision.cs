namespace Caisson.Containers.Seccomp;

/// <summary>One line of the table in <see cref="SystemProfile.Decisions"/>.</summary>
public sealed record SyscallDecision(SyscallVerdict Verdict, string Reason, params string[] Names);
