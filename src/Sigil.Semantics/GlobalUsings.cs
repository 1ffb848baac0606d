// Several names exist both as syntax and as type; unqualified they mean the type, and the syntax is written Ast.NamedType.
global using Ast = Sigil.Syntax.Ast;
global using BorrowType = Sigil.Semantics.Types.BorrowType;
global using CapabilityType = Sigil.Semantics.Types.CapabilityType;
global using DynType = Sigil.Semantics.Types.DynType;
global using FunctionType = Sigil.Semantics.Types.FunctionType;
global using NamedType = Sigil.Semantics.Types.NamedType;
global using RecordType = Sigil.Semantics.Types.RecordType;
global using TupleType = Sigil.Semantics.Types.TupleType;
global using VariantField = Sigil.Semantics.Symbols.VariantField;
