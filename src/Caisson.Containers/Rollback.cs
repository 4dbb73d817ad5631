namespace Caisson.Containers;

/// <summary>
/// What has been done so far and how to undo it, last first, unless <see cref="Commit"/> was reached. Failures of undoing are
/// collected and never hide the failure that led here.
/// </summary>
public sealed class Rollback : IDisposable
{
    readonly Stack<(string What, Action Undo)> _steps = [];

    /// <summary>Sentences about what could not be undone.</summary>
    public List<string> Failures { get; } = [];

    public void Add(string what, Action undo) => _steps.Push((what, undo));

    public void Commit() => _steps.Clear();

    public void Dispose()
    {
        while (_steps.TryPop(out (string What, Action Undo) step))
        {
            try
            {
                step.Undo();
            }
            catch (Exception failure) when (failure is Kernel.KernelException or ContainerException or UserError)
            {
                Failures.Add($"{step.What}: {ContainerException.Chain(failure)}");
            }
        }
    }
}
