namespace Caisson.Containers.Monitoring;

/// <summary>The first byte of each message between command, holder and worker; descriptors come with it.</summary>
public enum MonitorMessage : byte
{
    /// <summary>Command to holder, holder to worker: memory, FUSE device, control socket; the worker also gets the alarm.</summary>
    Start = (byte)'S',

    /// <summary>The container exists: its first process, the mount namespace with the FUSE files. Without it the end of the connection ends all.</summary>
    Commit = (byte)'C',

    /// <summary>A seccomp listener to be served.</summary>
    Listener = (byte)'L',

    /// <summary>Worker to holder, once for files and once for calls: they are served.</summary>
    Ready = (byte)'R',

    /// <summary>Worker to holder: make procfs and send it over the socket that comes along.</summary>
    MakeProc = (byte)'P',

    /// <summary>To the holder: have a worker, though nobody has used the view yet.</summary>
    Wake = (byte)'W',

    /// <summary>A binary that workers are started from from now on.</summary>
    Upgrade = (byte)'U',

    /// <summary>Whoever serves the control socket gives all descriptors away; a worker without a holder then ends.</summary>
    HandOver = (byte)'H',

    /// <summary>The answer to a request on the control socket.</summary>
    Done = (byte)'D',
}
