namespace Caisson.Containers.State;

/// <summary>The statuses of runtime.md#state, and paused as runc has it.</summary>
public enum ContainerStatus
{
    Creating,
    Created,
    Running,
    Paused,
    Stopped,
}
