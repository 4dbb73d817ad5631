namespace Caisson.Benchmarks;

/// <summary>A container whose only process sleeps; disposing deletes it.</summary>
sealed class SleepingContainer : IDisposable
{
    readonly Workspace _workspace;

    public SleepingContainer(Contender runtime, Workspace workspace, string bundle, string suffix)
    {
        _workspace = workspace;
        Runtime = runtime;
        Id = $"{runtime.Id}-{suffix}";
        try
        {
            runtime.Run(workspace.Errors, "run", "-d", "-b", bundle, Id);
        }
        catch (InvalidOperationException)
        {
            // Half of it may be there.
            Dispose();
            throw;
        }
    }

    public Contender Runtime { get; }

    public string Id { get; }

    public Cost Exec(params string[] command) => Runtime.Run(_workspace.Errors, ["exec", Id, .. command]);

    public void Dispose() => Runtime.TryDelete($"{_workspace.Errors}-delete", Id);
}
