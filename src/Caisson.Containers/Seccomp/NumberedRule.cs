namespace Caisson.Containers.Seccomp;

/// <summary>An unconditional rule for a call that libseccomp does not know.</summary>
readonly record struct NumberedRule(int Number, uint Action);
