using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Etl.Domain.Jobs;

namespace Etl.Domain.Tests.Architecture;

/// <summary>The core is deterministic: read from its compiled code, so that no spelling of a call gets past.</summary>
public sealed class DomainPurityTests
{
    private static readonly string[] BannedTypes =
    [
        "System.Random", "System.Console", "System.TimeProvider", "System.TimeZoneInfo", "System.AppContext", "System.AppDomain",
        "System.Diagnostics.Stopwatch", "System.Diagnostics.Process", "System.Security.Cryptography.RandomNumberGenerator",
        "System.IO.File", "System.IO.FileInfo", "System.IO.FileStream", "System.IO.Directory", "System.IO.DirectoryInfo", "System.IO.Path",
    ];

    private static readonly string[] BannedNamespaces = ["System.Threading.Tasks", "System.Net", "System.Timers", "System.IO.Pipes", "System.Data"];

    private static readonly string[] BannedMembers =
    [
        "System.DateTime::get_Now", "System.DateTime::get_UtcNow", "System.DateTime::get_Today", "System.DateTimeOffset::get_Now",
        "System.DateTimeOffset::get_UtcNow", "System.Guid::NewGuid", "System.Guid::CreateVersion7", "System.String::GetHashCode",
        // Asking for pinned memory decides nothing; the collector itself is not Domain's to steer or to ask.
        "System.GC::Collect", "System.GC::GetTotalMemory", "System.GC::GetTotalAllocatedBytes", "System.GC::TryStartNoGCRegion",
        "System.Threading.Thread::Sleep", "System.Threading.Thread::Start", "System.Globalization.CultureInfo::get_CurrentCulture",
    ];

    /// <summary>Iterators ask which thread they are on, in code that the compiler writes.</summary>
    private const string Allowed = "System.Environment::get_CurrentManagedThreadId";

    private static readonly Dictionary<int, OpCode> OpCodesByValue = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (int)(ushort)code.Value);

    [Fact]
    public void It_references_nothing_but_the_base_class_library() => Read(metadata => Assert.All(
        metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)),
        name => Assert.True(name is "netstandard" or "mscorlib" || name.StartsWith("System.", StringComparison.Ordinal), name)));

    [Fact]
    public void It_uses_no_clock_no_chance_no_task_no_file_no_console() => Read(metadata =>
    {
        var members = metadata.MemberReferences.Select(handle => NameOf(metadata, metadata.GetMemberReference(handle))).ToArray();
        var types = metadata.TypeReferences.Select(handle => NameOf(metadata, metadata.GetTypeReference(handle))).ToArray();
        Assert.Contains("System.Collections.Immutable.ImmutableArray", types);
        Assert.Empty(members.Intersect(BannedMembers));
        Assert.Empty(types.Intersect(BannedTypes));
        Assert.DoesNotContain(types, type => BannedNamespaces.Any(space => type.StartsWith(space + ".", StringComparison.Ordinal)));
        Assert.DoesNotContain(members, member => member.StartsWith("System.Environment::", StringComparison.Ordinal) && member != Allowed);
    });

    [Fact]
    public void Only_hash_codes_ask_for_hash_codes()
    {
        // A string's hash differs from process to process, and HashCode's too: fine in a dictionary, never in a decision.
        // The compiler calls string.GetHashCode through object, so the callers are looked at.
        using var file = new PEReader(File.OpenRead(typeof(Job).Assembly.Location));
        var metadata = file.GetMetadataReader();
        var callers = metadata.MethodDefinitions.Select(metadata.GetMethodDefinition)
            .Where(method => method.RelativeVirtualAddress != 0 && metadata.GetString(method.Name) is not ("GetHashCode" or "System.Collections.IStructuralEquatable.GetHashCode"))
            .Where(method => Called(file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!).Any(token => IsHash(metadata, token)))
            .Select(method => metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name) + "." + metadata.GetString(method.Name));
        Assert.Empty(callers);
    }

    [Fact]
    public void The_reading_of_code_finds_what_is_there()
    {
        // EquatableArray.GetHashCode adds its elements: without this the test above could pass by seeing nothing.
        using var file = new PEReader(File.OpenRead(typeof(Job).Assembly.Location));
        var metadata = file.GetMetadataReader();
        Assert.Contains(metadata.MethodDefinitions.Select(metadata.GetMethodDefinition), method =>
            metadata.GetString(method.Name) == "GetHashCode" && method.RelativeVirtualAddress != 0
            && Called(file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!).Any(token => IsHash(metadata, token)));
    }

    private static bool IsHash(MetadataReader metadata, int token)
    {
        var handle = System.Reflection.Metadata.Ecma335.MetadataTokens.EntityHandle(token);
        return handle.Kind == HandleKind.MemberReference && NameOf(metadata, metadata.GetMemberReference((MemberReferenceHandle)handle)) is var name
            && (name.EndsWith("::GetHashCode", StringComparison.Ordinal) || name.StartsWith("System.HashCode::", StringComparison.Ordinal));
    }

    /// <summary>The tokens of the methods that a body calls.</summary>
    private static IEnumerable<int> Called(byte[] il)
    {
        for (var at = 0; at < il.Length;)
        {
            int value = il[at++];
            if (value == 0xFE) value = 0xFE00 | il[at++];
            var code = OpCodesByValue[value];
            if (code.OperandType is OperandType.InlineMethod) yield return BitConverter.ToInt32(il, at);
            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
                _ => 4,
            };
        }
    }

    private static string NameOf(MetadataReader metadata, TypeReference type) => metadata.GetString(type.Namespace) + "." + metadata.GetString(type.Name);

    private static string NameOf(MetadataReader metadata, MemberReference member) => (member.Parent.Kind == HandleKind.TypeReference
        ? NameOf(metadata, metadata.GetTypeReference((TypeReferenceHandle)member.Parent)) : member.Parent.Kind.ToString()) + "::" + metadata.GetString(member.Name);

    private static void Read(Action<MetadataReader> look)
    {
        using var file = new PEReader(File.OpenRead(typeof(Job).Assembly.Location));
        look(file.GetMetadataReader());
    }
}
