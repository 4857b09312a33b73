namespace Etl.Actors.Load.Sinks;

/// <summary>The right to replace results: another process may have taken it while this one was paused or cut off.</summary>
public interface IRunLease
{
    /// <summary>Returns when this process still has it.</summary>
    /// <exception cref="SinkException">75: another process has taken over. 74: that cannot be told now.</exception>
    void Check();
}
