using Etl.Domain.Jobs;
using Etl.Domain.Jobs.Queueing;

namespace Etl.Actors.Protocol;

/// <summary>What is asked of a host's queue. Every request is answered by <see cref="Done"/> or <see cref="Refused"/>, once it is durable.</summary>
public static class QueueProtocol
{
    /// <summary>Edge to queue: work on this when there is a place.</summary>
    public sealed record Submit(JobId Job, JobSpec Spec, QueueWishes Wishes) : ILocalMessage;

    /// <summary>Edge to queue: work again on a job that left without being done.</summary>
    public sealed record Resume(JobId Job) : ILocalMessage;

    /// <summary>Edge to queue: stop working on a job; what is done of it stays, and it can be resumed.</summary>
    public sealed record Cancel(JobId Job) : ILocalMessage;

    /// <summary>Edge to queue: write something, to see whether the journal can be written.</summary>
    public sealed class Probe : ILocalMessage
    {
        /// <summary>The one instance.</summary>
        public static readonly Probe Instance = new();

        private Probe()
        {
        }
    }

    /// <summary>Queue to edge: so it is.</summary>
    /// <param name="IsNew">False when it was so before.</param>
    public sealed record Done(JobId? Job, bool IsNew) : ILocalMessage;

    /// <summary>Queue to edge: it cannot be, for this reason.</summary>
    /// <param name="IsUnavailable">True when it is the journal that does not work: the same request may succeed later.</param>
    public sealed record Refused(string Reason, bool IsUnavailable = false) : ILocalMessage;
}
