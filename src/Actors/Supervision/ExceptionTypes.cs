using System.Reflection;
using Etl.Domain;

namespace Etl.Actors.Supervision;

/// <summary>The exception types that people can name. A name that is none would silently never match.</summary>
internal static class ExceptionTypes
{
    private static readonly string[] Everyday = ["System", "System.IO", "System.Threading", "System.Threading.Tasks"];

    /// <summary>True when there is an exception of that full or short name.</summary>
    public static bool Exists(string name)
    {
        // What is asked for at every start costs no search.
        var core = typeof(object).Assembly;
        if (Everyday.Any(space => IsException(core.GetType($"{space}.{name}")))) return true;
        return Known().Any(assembly => name.Contains('.', StringComparison.Ordinal)
            ? IsException(assembly.GetType(name)) : Types(assembly).Any(type => type.Name == name));
    }

    /// <summary>The nearest name, or null.</summary>
    public static string? Nearest(string name) =>
        NearestWord.Find(name[(name.LastIndexOf('.') + 1)..], Known().SelectMany(Types).Select(type => type.Name).Distinct());

    private static bool IsException(Type? type) => typeof(Exception).IsAssignableFrom(type);

    private static IEnumerable<Type> Types(Assembly assembly) => assembly.GetExportedTypes().Where(IsException);

    // What is loaded, and what the stages are built on, loaded or not: a driver is, when its server is first used.
    private static IEnumerable<Assembly> Known() => AppDomain.CurrentDomain.GetAssemblies().Where(a => !a.IsDynamic)
        .Concat(typeof(ExceptionTypes).Assembly.GetReferencedAssemblies().Select(Load).OfType<Assembly>()).Distinct();

    private static Assembly? Load(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (Exception gone) when (gone is IOException or BadImageFormatException)
        {
            return null;
        }
    }
}
